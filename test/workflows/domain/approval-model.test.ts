import { castVote, electorateChanged, openApproval, personLeft, revokeVote } from '../../../workflows/domain/approval';
import { expireApproval, nextDueAt, remindApprovers, startApproved } from '../../../workflows/domain/approval-course';
import { reviseRequest, withdrawRequest } from '../../../workflows/domain/approval-revision';
import { Reference } from './approval-reference';

import type { Electorate } from '../../../workflows/domain/approval-electorate';
import type { ApprovalRequest, ApprovalState, ApprovalTransition } from '../../../workflows/domain/approval-state';
import type { ApprovalLevel, Quorum } from '../../../workflows/domain/approval-rule';
import type { Fact, Opening, Verdict } from './approval-reference';

const people = ['anna', 'ben', 'carl', 'dora', 'eve', 'finn', 'gus'];
const managers = { anna: 'gus', ben: 'gus', carl: 'dora', dora: 'eve', eve: 'anna', finn: 'gus' };
const hourMs = 3_600_000;

const phases = 'unopened pending approved rejected timed-out lapsed withdrawn';
const kinds =
  'changed edited level-opened level-closed vote-cast vote-voided vote-revoked vote-annotated person-left reachable ' +
  'unreachable reminded approver-added approved rejected timed-out lapsed withdrawn started expired-while-running ' +
  'regularised unregularised';
const everything: readonly string[] = [...phases.split(' '), ...kinds.split(' ').map((kind) => `approval.${kind}`)];

/** A congruential generator, of which the upper bits are used: a history is known by its number. */
class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed, 0x9e3779b1) ^ (seed << 7);
  }

  below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
    return ((this.state >>> 8) * limit) >>> 24;
  }

  percent(chance: number): boolean {
    return this.below(100) < chance;
  }

  of<T>(items: readonly T[], otherwise: T): T {
    return items[this.below(Math.max(1, items.length))] ?? otherwise;
  }
}

test('R-APPR-1 to R-APPR-12, R-SOD-1: 100,000 random histories end as the reference says', () => {
  const reached = new Map<string, number>();
  for (let seed = 1; seed <= 100_000; seed += 1)
    for (const what of runHistory(seed)) reached.set(what, (reached.get(what) ?? 0) + 1);

  // A generator that never gets anywhere would agree with everything.
  expect(everything.filter((what) => (reached.get(what) ?? 0) < 100)).toEqual([]);
}, 60_000);

/** Answers the kinds of events and the last phase. */
function runHistory(seed: number): ReadonlySet<string> {
  const dice = new Dice(seed);
  const opening = openingOf(dice);
  const facts: Fact[] = [];
  const opened = openApproval(opening.request, opening);
  const reference = new Reference(opening, facts);
  if (reference.canOpen() !== opened.accepted) throw new Error(report({ seed, opening, facts, got: opened }));
  if (!opened.accepted) return new Set(['unopened']);
  const reached = new Set<string>();
  let state = opened.state;
  let at = opening.at;
  let electorate = opening.electorate;
  const accepted: boolean[] = [];
  const length = 2 + dice.below(9);
  for (let step = 0; step < length; step += 1) {
    const due = nextDueAt(state);
    at = due !== null && dice.percent(12) ? Math.max(at, due) : at + dice.below(8) * hourMs;
    if (dice.percent(15)) electorate = electorateOf(dice, state.request);
    const fact = factOf(dice, { state, at, electorate, step });
    facts.push(fact);
    const next = apply(state, fact);
    accepted.push(next.accepted);
    if (!next.accepted) continue;
    state = next.state;
    for (const { kind } of next.events) reached.add(kind);
  }
  const { phase, votes, shortfalls } = state;
  const got: Verdict = {
    accepted,
    phase: phase.name,
    level: phase.name === 'pending' ? phase.level : null,
    votes: votes.map(({ id }) => id),
    isUnreachable: phase.name === 'pending' && shortfalls.length > 0,
  };
  const wanted = reference.verdict();
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(report({ seed, opening, facts, got, wanted }));
  return reached.add(phase.name);
}

function report(found: { seed: number; [what: string]: unknown }): string {
  return `history ${found.seed} differs from the reference: ${JSON.stringify(found)}`;
}

function apply(state: ApprovalState, fact: Fact): ApprovalTransition {
  const { at } = fact;
  switch (fact.kind) {
    case 'vote': {
      const { id, hash, actor } = fact;
      return castVote(state, { ...fact, comment: '', via: 'api', token: { id, hash, request: 'c1', person: actor } });
    }
    case 'revoke':
      return revokeVote(state, { ...fact, comment: '' });
    case 'leave':
      return personLeft(state, fact);
    case 'electorate':
      return electorateChanged(state, fact);
    case 'revise':
      return reviseRequest(state, { ...fact, difference: {} });
    case 'start':
      return startApproved(state, fact);
    case 'remind':
      return remindApprovers(state, fact);
    case 'expire':
      return expireApproval(state, at);
    case 'withdraw':
      return withdrawRequest(state, { at, reason: 'back to draft' });
  }
}

interface Situation {
  readonly state: ApprovalState;
  readonly at: number;
  readonly electorate: Electorate;
  readonly step: number;
}

function factOf(dice: Dice, { state, at, electorate, step }: Situation): Fact {
  const when = { at, electorate };
  const roll = dice.below(100);
  const anyone = dice.of(people, 'anna');
  const respondBy = dice.percent(50) ? null : at + dice.below(72) * hourMs;
  const due = nextDueAt(state);
  if (due !== null && at >= due && dice.percent(50))
    return { ...when, kind: dice.percent(70) ? 'expire' : 'remind', managers };
  const { emergency, hash } = state.request;
  if (emergency && state.start === null && state.votes.length > 0 && dice.percent(25))
    return { ...when, kind: 'start', hash, regulariseBy: at + 24 * hourMs };
  if (roll < 58) return voteOf(dice, { state, at, electorate, step });
  if (roll < 67) {
    const vote = dice.of(state.votes, undefined);
    const actor = dice.percent(80) ? (vote?.actor ?? anyone) : anyone;
    return { ...when, kind: 'revoke', actor, vote: vote?.id ?? 'v0', respondBy };
  }
  if (roll < 72) return { ...when, kind: 'leave', person: anyone };
  if (roll < 79) return { ...when, kind: 'electorate' };
  if (roll < 82) {
    // Members in another order are the same facts.
    const same = Object.fromEntries(Object.entries(state.request).reverse());
    const request = { ...state.request, ...same };
    return { ...when, kind: 'revise', request, isMaterial: false, respondBy };
  }
  if (roll < 85) {
    const request = { ...requestOf(dice, at), hash: `h1${step}`, rule: state.request.rule };
    return { ...when, kind: 'revise', request, isMaterial: true, respondBy };
  }
  if (roll < 90) {
    const hash = dice.percent(90) ? state.request.hash : 'h99';
    return { ...when, kind: 'start', hash, regulariseBy: dice.percent(80) ? at + dice.below(24) * hourMs : null };
  }
  if (roll < 94) return { ...when, kind: 'remind', managers };
  return roll < 99 ? { ...when, kind: 'expire' } : { ...when, kind: 'withdraw' };
}

function voteOf(dice: Dice, { state, at, electorate, step }: Situation): Fact {
  const { phase, request } = state;
  const asked = phase.name === 'pending' ? (request.rule.levels[phase.level]?.slots ?? []) : [];
  const candidates = dice.percent(75) ? (electorate.slots[dice.of(asked, asked[0])?.id ?? ''] ?? people) : people;
  const mandate = dice.percent(30) ? dice.of(electorate.delegations, undefined) : undefined;
  const roll = dice.below(100);
  return {
    kind: 'vote',
    at,
    electorate,
    id: dice.percent(4) ? 'v0' : `v${step}`,
    actor: mandate?.to ?? dice.of(candidates, 'anna'),
    onBehalfOf: mandate?.from ?? null,
    choice: roll < 78 ? 'approve' : roll < 90 ? 'reject' : 'abstain',
    hash: dice.percent(96) ? request.hash : 'h98',
  };
}

function openingOf(dice: Dice): Opening {
  const request = requestOf(dice, 0);
  const respondBy = dice.percent(50) ? null : (24 + dice.below(72)) * hourMs;
  return { request, electorate: electorateOf(dice, request), at: 0, respondBy };
}

function requestOf(dice: Dice, at: number): ApprovalRequest {
  const start = at + (12 + dice.below(48)) * hourMs;
  return {
    id: 'c1',
    hash: 'h0',
    requester: dice.of(people, 'anna'),
    implementers: dice.percent(40) ? [dice.of(people, 'ben')] : [],
    authors: dice.percent(20) ? [dice.of(people, 'anna'), dice.of(people, 'ben')] : [],
    risk: dice.percent(50) ? 'low' : 'moderate',
    privileged: dice.percent(5),
    emergency: dice.percent(25),
    window: dice.percent(50) ? null : { start, end: start + dice.below(24) * hourMs + 1 },
    rule: {
      levels: Array.from({ length: 1 + dice.below(2) + dice.below(2) }, (_none, index) => levelOf(dice, index)),
      validForMs: dice.percent(50) ? null : (1 + dice.below(24)) * hourMs,
      leadMs: dice.below(24) * hourMs,
      silenceMeansConsent: dice.percent(12),
      excludeRequester: !dice.percent(15),
    },
  };
}

function levelOf(dice: Dice, index: number): ApprovalLevel {
  return {
    id: `l${index}`,
    slots: Array.from({ length: 1 + dice.below(2) }, (_none, slot) => ({
      id: `l${index}s${slot}`,
      candidates: ['team/web'],
      quorum: quorumOf(dice),
    })),
    rejectOn: dice.percent(70) ? 1 : 2,
    countsApart: dice.percent(25),
  };
}

function quorumOf(dice: Dice): Quorum {
  const roll = dice.below(10);
  if (roll < 5) return { mode: 'any' };
  if (roll < 7) return { mode: 'n', n: 1 + dice.below(2) };
  return roll < 8 ? { mode: 'all' } : { mode: 'percent', percent: 10 + dice.below(60) };
}

function electorateOf(dice: Dice, { rule }: ApprovalRequest): Electorate {
  const slots = rule.levels.flatMap((level) => level.slots.map(({ id }) => [id, someOf(dice)] as const));
  const delegations = Array.from({ length: dice.below(3) }, () => {
    const start = dice.below(40) * hourMs;
    return { from: dice.of(people, 'anna'), to: dice.of(people, 'ben'), start, end: start + dice.below(60) * hourMs };
  });
  return { slots: Object.fromEntries(slots), delegations };
}

function someOf(dice: Dice): readonly string[] {
  const share = 50 + dice.below(45);
  return people.filter(() => dice.percent(share));
}
