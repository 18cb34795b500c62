import { electorateChanged, personLeft } from '../domain/approval';
import type { Moment } from '../domain/approval-settle';
import type { Lookups } from '../effects';
import { carry } from './desk-journal';
import type { DeskContext, DeskOpening, DeskState } from './desk-state';

export type Found = Lookups['electorate']['answer'];

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
 * without another await.
 */
export async function lookAgain(desk: DeskState, here: DeskContext): Promise<Moment & Pick<Found, 'managers'>> {
  const { request } = desk.approval;
  const found = await lookUpElectorate({ request, facts: desk.facts }, concerned(desk), here);
  const moment = { at: here.effects.now(), electorate: found };
  desk.lookedAt = moment.at;
  const there = new Set(concerned(desk));
  const leavers = found.inactive.filter((person) => there.has(person) && !desk.approval.left.includes(person));
  for (const person of leavers) carry(desk, personLeft(desk.approval, { ...moment, person }), { here, moment });
  carry(desk, electorateChanged(desk.approval, moment), { here, moment });
  return { ...moment, managers: found.managers };
}

/** Those whom the candidates need not name any more: who has voted, and who was added. */
function concerned({ approval: { votes, extra } }: DeskState): readonly string[] {
  return [...new Set([...votes.flatMap(({ person, actor }) => [person, actor]), ...Object.values(extra).flat()])];
}
