import { isAllowed } from '../../workflows/domain/authorization';
import type { Store } from '../../platform/store/store';
import type { GrantBook } from '../access-grants';

/** May somebody answer what a run, a change or a backup asks, going by what is published for them now. */
export type VoteGrants = (person: string, processId: string) => Promise<boolean>;

/** A vote by message has no session: the token says whose it is, and grants say what that person may answer. */
export function voteGrants(
  { access, scopes }: Pick<Store, 'access' | 'scopes'>,
  book: Pick<GrantBook, 'grantsOf'>,
  now: () => number,
): VoteGrants {
  return async (person, processId) => {
    const groups = await access.groupsOf(person, now());
    const grants = await book.grantsOf({ actor: person, given: null, groups });
    return isAllowed(grants, 'task.answer', (await scopes.of(processId))?.scope ?? {});
  };
}
