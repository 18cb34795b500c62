import type { Store } from '../../platform/store/store';
import type { Lookups } from '../../workflows/effects';
import { Directory } from './directory';
import { peopleOf } from './electorate';

/** For tasks that are no approvals: a candidate is a person, a team, or whoever is on call, as it is now. Nobody who has left answers. */
export async function eligibility(
  store: Pick<Store, 'definitions'>,
  asked: Lookups['eligibility']['asked'],
  at: number,
): Promise<Lookups['eligibility']['answer']> {
  const { actor, candidates, requester, excludeRequester, delegators = [] } = asked;
  const no = (why: string): { readonly eligible: false; readonly reason: string } => ({
    eligible: false,
    reason: `Cannot answer as "${actor}": ${why}`,
  });
  if (excludeRequester && actor === requester) return no('who requested the run may not decide');
  const directory = new Directory(store);
  if (!(await directory.person(actor)).active) return no('the person has left');
  const isFree = async (person: string): Promise<boolean> =>
    !(excludeRequester && person === requester) && (await directory.person(person)).active;
  const standsFor = new Set([actor]);
  for (const person of delegators) if (await isFree(person)) standsFor.add(person);
  for (const candidate of candidates) {
    const { people } = await peopleOf(candidate, { directory, at });
    if (people.some((person) => standsFor.has(person))) return { eligible: true, reason: `asked as "${candidate}"` };
  }
  return no(candidates.length === 0 ? 'nobody is named' : `asked are ${candidates.join(', ')}`);
}
