import type { ApprovalLevel, ApprovalSlot } from './approval-rule';
import type { ApprovalState, StandingVote } from './approval-state';

/** `to` may vote for `from` within [start, end). Delegations are not passed on. */
export interface Delegation {
  readonly from: string;
  readonly to: string;
  readonly start: number;
  readonly end: number;
}

/** Who the candidates are at the instant of a transition: active people only, as the caller resolved them. */
export interface Electorate {
  /** People by slot, in the order in which they are asked. */
  readonly slots: { readonly [slot: string]: readonly string[] };
  readonly delegations: readonly Delegation[];
}

export interface Asked {
  readonly slot: string;
  /** Whose vote is wanted. */
  readonly person: string;
  /** Who is asked for it: the person, or a delegate. */
  readonly actor: string;
}

/** R-SOD-1, R-APPR-4: why someone may neither vote nor be voted for; null: nothing against it. */
export function barOf(state: ApprovalState, person: string): 'requester' | 'implementer' | 'left' | null {
  const { requester, askers = [], risk, implementers, rule } = state.request;
  if (rule.excludeRequester && (person === requester || askers.includes(person))) return 'requester';
  if (risk !== 'low' && implementers.includes(person)) return 'implementer';
  return state.left.includes(person) ? 'left' : null;
}

/** Those whom the slot's quorum goes by. */
export function peopleOf(state: ApprovalState, electorate: Electorate, slot: string): readonly string[] {
  const people = new Set(electorate.slots[slot] ?? []);
  return [...people].filter((person) => barOf(state, person) === null);
}

/** Those who may fill the slot: its people and who was added. */
export function eligibleIn(state: ApprovalState, electorate: Electorate, slot: string): readonly string[] {
  const added = (state.extra[slot] ?? []).filter((person) => barOf(state, person) === null);
  return [...new Set([...peopleOf(state, electorate, slot), ...added])];
}

export function isEligibleAt(
  state: ApprovalState,
  electorate: Electorate,
  { level, person }: { level: ApprovalLevel; person: string },
): boolean {
  return level.slots.some((slot) => eligibleIn(state, electorate, slot.id).includes(person));
}

/** R-APPR-3: a vote uses up two people when a delegate gave it: whose it is, and who gave it. */
export function isOf(vote: StandingVote, person: string): boolean {
  return vote.person === person || vote.actor === person;
}

/** The vote that keeps someone from voting at a level: any at the level itself, one for or against at another that counts together. */
export function spentBy(state: ApprovalState, index: number, person: string): StandingVote | null {
  const { levels } = state.request.rule;
  const together = (level: number): boolean => levels[level]?.countsApart === false;
  const spent = state.votes.find(
    (vote) =>
      isOf(vote, person) &&
      (vote.level === index || (vote.choice !== 'abstain' && together(vote.level) && together(index))),
  );
  return spent ?? null;
}

/** What was given for this request comes before what stands for all of them. */
export function delegationsOf({ delegations = [] }: ApprovalState, electorate: Electorate): readonly Delegation[] {
  const given = delegations.map(({ end, ...each }) => ({ ...each, end: end ?? Infinity }));
  return [...given, ...electorate.delegations];
}

export function isDelegated(
  state: ApprovalState,
  electorate: Electorate,
  { from, to, at }: { from: string; to: string; at: number },
): boolean {
  return delegationsOf(state, electorate).some(
    (delegation) => delegation.from === from && delegation.to === to && delegation.start <= at && at < delegation.end,
  );
}

/** Whom the open level waits for. R-APPR-3: a barred delegate is passed over, and the next one or the person is asked. */
export function askedBy(state: ApprovalState, electorate: Electorate, at: number): readonly Asked[] {
  const { phase } = state;
  if (phase.name !== 'pending') return [];
  const slots: readonly ApprovalSlot[] = state.request.rule.levels[phase.level]?.slots ?? [];
  const delegations = delegationsOf(state, electorate);
  const mayVote = (person: string): boolean =>
    barOf(state, person) === null && spentBy(state, phase.level, person) === null;
  return slots.flatMap(({ id }) =>
    eligibleIn(state, electorate, id)
      .filter((person) => mayVote(person))
      .map((person) => {
        const standIn = delegations.find(
          ({ from, to, start, end }) => from === person && start <= at && at < end && mayVote(to),
        );
        return { slot: id, person, actor: standIn?.to ?? person };
      }),
  );
}
