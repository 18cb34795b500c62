import { candidatePrefixes, principalsOf } from '../domain/approval-candidate';
import type { ApprovalSlot } from '../domain/approval-rule';
import type { Lookups } from '../effects';

/** Who is there in a rehearsal. */
export interface ScriptedElectorate {
  /** Everybody who answers something. */
  readonly people: readonly string[];
  /** Those of them who have left by now. */
  readonly left: readonly string[];
}

/**
 * Members of teams and rosters are not part of a plan: a rehearsal trusts its own script. A team is whoever answers in it, and as many
 * strangers who never answer as a quorum may want, so that it can be left waiting as well.
 */
export function scriptedElectorate(
  { people, left }: ScriptedElectorate,
  { slots, facts }: Lookups['electorate']['asked'],
): Lookups['electorate']['answer'] {
  const problems: string[] = [];
  function peopleOf(slot: ApprovalSlot): readonly string[] {
    const found = slot.candidates.map((candidate) => principalsOf(candidate, facts));
    problems.push(...found.flatMap(({ problem }) => problem ?? []));
    const principals = found.flatMap((each) => each.principals);
    const named = principals.filter((principal) => principal.startsWith(candidatePrefixes.user));
    const isOpen = named.length < principals.length;
    const all = isOpen ? [...named, ...people, ...strangers(slot, people)] : named;
    return [...new Set(all)].filter((person) => !left.includes(person));
  }
  const resolved = slots.map((slot) => [slot.id, peopleOf(slot)] as const);
  return { slots: Object.fromEntries(resolved), delegations: [], managers: {}, inactive: left, problems };
}

function strangers({ id, quorum }: ApprovalSlot, people: readonly string[]): readonly string[] {
  const wanted = quorum.mode === 'n' ? quorum.n : quorum.mode === 'any' || people.length === 0 ? 1 : 0;
  return Array.from({ length: wanted }, (_none, index) => `user/${id}-${index + 1}`);
}
