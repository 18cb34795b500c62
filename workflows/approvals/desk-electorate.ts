import { electorateChanged, personLeft } from '../domain/approval';
import type { Moment } from '../domain/approval-settle';
import type { Lookups } from '../effects';
import { carry } from './desk-journal';
import type { DeskContext, DeskOpening, DeskState } from './desk-state';

export type Found = Lookups['electorate']['answer'];

type Looked = Moment & Pick<Found, 'managers' | 'inactive'>;

/** Who is who now, for the request of an opening or of a revision. */
export function lookUpElectorate(
  about: Pick<DeskOpening, 'request' | 'facts'>,
  people: readonly string[],
  { effects }: DeskContext,
): Promise<Found> {
  const slots = about.request.rule.levels.flatMap((level) => level.slots);
  return effects.lookUp('electorate', { slots, people, facts: about.facts, at: effects.now() });
}

/**
 * Looks who is who, and lets that take its effect: votes of leavers and of people who are no longer asked are void, slots are resolved
 * anew (R-APPR-4), a quorum that became impossible is said at once (R-APPR-5). Answers the moment from which whoever called may go on
 * without another await; of `also` it only says whether they have left.
 */
export async function lookAgain(desk: DeskState, here: DeskContext, also: readonly string[] = []): Promise<Looked> {
  const { request } = desk.approval;
  const people = [...new Set([...concerned(desk), ...also])];
  const found = await lookUpElectorate({ request, facts: desk.facts }, people, here);
  const moment = { at: here.effects.now(), electorate: found };
  desk.lookedAt = moment.at;
  const there = new Set(concerned(desk));
  const leavers = found.inactive.filter((person) => there.has(person) && !desk.approval.left.includes(person));
  for (const person of leavers) carry(desk, personLeft(desk.approval, { ...moment, person }), { here, moment });
  carry(desk, electorateChanged(desk.approval, moment), { here, moment });
  return { ...moment, managers: found.managers, inactive: found.inactive };
}

/** Those whom the candidates need not name any more: who has voted, who was added, and who votes for whom. */
function concerned({ approval: { votes, extra, delegations = [] } }: DeskState): readonly string[] {
  const voters = votes.flatMap(({ person, actor }) => [person, actor]);
  const delegates = delegations.flatMap(({ from, to }) => [from, to]);
  return [...new Set([...voters, ...Object.values(extra).flat(), ...delegates])];
}
