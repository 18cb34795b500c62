import type { Electorate } from '../../../workflows/domain/approval-electorate';
import type { ApprovalRequest } from '../../../workflows/domain/approval-state';
import type { ApprovalLevel, Quorum } from '../../../workflows/domain/approval-rule';
import type { VoteChoice } from '../../../workflows/domain/approval-event';

/** One thing that was tried, with who was who at that instant. */
export type Fact = { readonly at: number; readonly electorate: Electorate } & (
  | {
      readonly kind: 'vote';
      readonly id: string;
      readonly actor: string;
      readonly onBehalfOf: string | null;
      readonly choice: VoteChoice;
      readonly hash: string;
    }
  | { readonly kind: 'revoke'; readonly actor: string; readonly vote: string; readonly respondBy: number | null }
  | { readonly kind: 'leave'; readonly person: string }
  | { readonly kind: 'electorate' }
  | {
      readonly kind: 'revise';
      readonly request: ApprovalRequest;
      readonly isMaterial: boolean;
      readonly respondBy: number | null;
    }
  | { readonly kind: 'start'; readonly hash: string; readonly regulariseBy: number | null }
  | { readonly kind: 'remind'; readonly managers: { readonly [person: string]: string } }
  | { readonly kind: 'expire' }
  | { readonly kind: 'withdraw' }
);

export interface Verdict {
  readonly accepted: readonly boolean[];
  readonly phase: string;
  readonly level: number | null;
  readonly votes: readonly string[];
  readonly isUnreachable: boolean;
}

export interface Opening {
  readonly request: ApprovalRequest;
  readonly electorate: Electorate;
  readonly at: number;
  readonly respondBy: number | null;
}

const dayMs = 86_400_000;
const endless = Number.POSITIVE_INFINITY;

/**
 * The rules once more, written as statements about a whole history instead of a state that moves along: "a vote stands if nothing since
 * has ended it", "a level is closed if there was an instant at which its quorum stood and nothing since has opened it". Index −1 is the
 * opening. Quorums are judged by Hall's condition over sets of people as bits: every set of slots must have enough people between them.
 */
export class Reference {
  private readonly acceptedAt: (boolean | undefined)[] = [];
  private readonly standingAt: (readonly number[] | undefined)[] = [];
  private readonly levelAt: (number | undefined)[] = [];
  private readonly phaseAt: (string | undefined)[] = [];
  private readonly roundAt: (number | undefined)[] = [];
  private readonly beforeAt: (number | undefined)[] = [];
  private readonly reopeningAt: (boolean | undefined)[] = [];
  private readonly barredAt: (number | undefined)[] = [];
  private readonly rosters = new Map<Electorate, Map<string, number>>();
  private readonly bits = new Map<string, number>();

  constructor(
    private readonly opening: Opening,
    private readonly facts: readonly Fact[],
  ) {}

  canOpen(): boolean {
    const { rule, risk, privileged, authors } = this.opening.request;
    if (rule.silenceMeansConsent && (risk !== 'low' || privileged || authors.length > 0)) return false;
    return this.isReachable(-1);
  }

  verdict(): Verdict {
    const last = this.facts.length - 1;
    const phase = this.phase(last);
    return {
      accepted: this.facts.map((_fact, i) => this.isAccepted(i)),
      phase,
      level: phase === 'pending' ? this.level(last) : null,
      votes: this.standing(last).map((v) => this.vote(v).id),
      isUnreachable: phase === 'pending' && !this.isReachable(this.lastSettled(last)),
    };
  }

  // What may be done

  private isAccepted(i: number): boolean {
    return (this.acceptedAt[i] ??= this.accepts(i));
  }

  private accepts(i: number): boolean {
    const fact = this.at(i);
    const was = i - 1;
    const phase = this.phase(was);
    const isRunning = this.startIndex(was) !== null;
    switch (fact.kind) {
      case 'vote':
        return this.isRepeat(i) || this.acceptsVote(i);
      case 'revoke': {
        const v = this.indexOfVote(fact.vote, was);
        if (v === null || isRunning || (phase !== 'pending' && phase !== 'approved')) return false;
        if (!this.standing(was).includes(v) || !this.pair(v).includes(fact.actor)) return false;
        const { window } = this.request(was);
        if (phase === 'pending') return fact.at < this.respondBy(was);
        return (window === null || window.end > fact.at) && (fact.respondBy === null || fact.respondBy > fact.at);
      }
      case 'leave':
      case 'electorate':
        return phase === 'pending' || phase === 'approved';
      case 'revise': {
        if (phase !== 'pending' && phase !== 'approved') return false;
        if (!fact.isMaterial) return true;
        const { window, rule, risk, privileged, authors } = fact.request;
        if (isRunning || (rule.silenceMeansConsent && (risk !== 'low' || privileged || authors.length > 0)))
          return false;
        return (window === null || window.end > fact.at) && (fact.respondBy === null || fact.respondBy > fact.at);
      }
      case 'start':
        return this.acceptsStart(i);
      case 'remind':
        return phase === 'pending' && !isRunning && fact.at < this.respondBy(was) && this.percent(i) > 0;
      case 'expire':
        return this.expiry(i) !== null;
      case 'withdraw':
        return !isRunning && (phase === 'pending' || phase === 'approved');
    }
  }

  private isRepeat(i: number): boolean {
    const fact = this.at(i);
    if (fact.kind !== 'vote') return false;
    return this.facts.some((other, j) => j < i && other.kind === 'vote' && other.id === fact.id && this.isAccepted(j));
  }

  private acceptsVote(i: number): boolean {
    const fact = this.vote(i);
    const was = i - 1;
    if (this.phase(was) !== 'pending' || fact.hash !== this.request(was).hash) return false;
    if (this.startIndex(was) === null && fact.at >= this.respondBy(was)) return false;
    const [person, actor] = this.pair(i);
    const hasMandate = fact.electorate.delegations.some(
      ({ from, to, start, end }) => from === person && to === actor && fact.at >= start && fact.at < end,
    );
    if (person !== actor && !hasMandate) return false;
    const level = this.level(was);
    if (!this.isFit(i, { level, now: i, seen: was })) return false;
    const before = this.standing(was).filter(
      (v) => this.levelOf(v) !== level || this.isFit(v, { level, now: i, seen: was }),
    );
    return !before.some((v) => this.isUsedUp(v, level) && this.pair(v).some((one) => one === person || one === actor));
  }

  private acceptsStart(i: number): boolean {
    const fact = this.at(i);
    const was = i - 1;
    const phase = this.phase(was);
    const request = this.request(was);
    if (fact.kind !== 'start' || this.startIndex(was) !== null || fact.hash !== request.hash) return false;
    if (phase === 'approved') return fact.at < this.validUntil(was);
    if (phase !== 'pending' || !request.emergency || fact.regulariseBy === null || fact.regulariseBy <= fact.at)
      return false;
    if (fact.at >= this.respondBy(was) || fact.at >= (request.window?.end ?? endless)) return false;
    const level = this.level(was);
    return this.standing(was).some(
      (v) =>
        this.vote(v).choice === 'approve' && (this.levelOf(v) !== level || this.isFit(v, { level, now: i, seen: was })),
    );
  }

  /** What `expire` comes upon. */
  private expiry(i: number): 'timed-out' | 'silence' | 'overdue' | 'lapsed' | 'expired' | null {
    const was = i - 1;
    const { at } = this.at(i);
    const phase = this.phase(was);
    const start = this.startIndex(was);
    const begun = start === null ? null : this.at(start);
    const isFirst = (wanted: string): boolean =>
      !this.facts.some((fact, j) => j < i && fact.kind === 'expire' && this.isAccepted(j) && this.expiry(j) === wanted);
    if (phase === 'pending' && begun === null) {
      if (at < this.respondBy(was)) return null;
      const rejects = this.standing(was).some((v) => this.vote(v).choice === 'reject');
      const { rule } = this.request(was);
      return rule.silenceMeansConsent && !rejects && this.isReachable(this.lastSettled(was)) ? 'silence' : 'timed-out';
    }
    if (phase === 'pending' && begun?.kind === 'start')
      return begun.regulariseBy !== null && at >= begun.regulariseBy && isFirst('overdue') ? 'overdue' : null;
    if (phase !== 'approved' || at < this.validUntil(was)) return null;
    if (start === null) return 'lapsed';
    return this.phase(start - 1) === 'approved' && isFirst('expired') ? 'expired' : null;
  }

  // What follows

  private phase(i: number): string {
    return (this.phaseAt[i] ??= this.phaseOf(i));
  }

  private phaseOf(i: number): string {
    for (let j = 0; j <= i; j += 1) {
      if (!this.isAccepted(j)) continue;
      const fact = this.at(j);
      if (fact.kind === 'withdraw') return 'withdrawn';
      const expiry = fact.kind === 'expire' ? this.expiry(j) : null;
      if (expiry === 'timed-out' || expiry === 'lapsed') return expiry;
      if (this.settles(j) && this.phaseIsOpen(j) && this.isRejected(j)) return 'rejected';
    }
    return this.grantedAt(i) === null ? 'pending' : 'approved';
  }

  private phaseIsOpen(j: number): boolean {
    return this.levelBefore(j) < this.rule(j).length && this.silenceIndex(j) === null;
  }

  private isRejected(j: number): boolean {
    const level = this.levelBefore(j);
    const rejecting = this.standing(j).filter((v) => this.levelOf(v) === level && this.vote(v).choice === 'reject');
    return rejecting.length >= (this.rule(j)[level]?.rejectOn ?? endless);
  }

  private grantedAt(i: number): number | null {
    return (
      this.silenceIndex(i) ?? (this.level(i) === this.rule(i).length ? (this.closings(i, i).at(-1) ?? null) : null)
    );
  }

  private silenceIndex(i: number): number | null {
    for (let j = i; j > this.roundIndex(i); j -= 1) {
      const fact = this.at(j);
      if (!this.isAccepted(j)) continue;
      if (fact.kind === 'revoke') return null;
      if (fact.kind === 'expire' && this.expiry(j) === 'silence') return j;
    }
    return null;
  }

  private validUntil(i: number): number {
    const granted = this.grantedAt(i);
    const { rule, window } = this.request(i);
    const from = granted === null ? endless : this.at(granted).at;
    return Math.min(rule.validForMs === null ? endless : from + rule.validForMs, window?.end ?? endless);
  }

  private level(i: number): number {
    return (this.levelAt[i] ??= this.closings(i, i).length);
  }

  /** The open level when the votes are looked at, before this instant may close it. */
  private levelBefore(i: number): number {
    return (this.beforeAt[i] ??= this.closings(i, i - 1).length);
  }

  /** At which instants the levels closed for the last time: openings up to `i`, closings up to `until`. */
  private closings(i: number, until: number): readonly number[] {
    const round = this.roundIndex(i);
    const closed: number[] = [];
    for (const level of this.rule(i).keys()) {
      const earliest = Math.max(round, this.reopenedIndex(level, i), (closed.at(-1) ?? -2) + 1, 0);
      let found: number | null = null;
      for (let j = earliest; j <= until && found === null; j += 1)
        if (this.settles(j) && this.isSatisfied(level, j)) found = j;
      if (found === null) break;
      closed.push(found);
    }
    return closed;
  }

  private reopenedIndex(level: number, i: number): number {
    for (let j = i; j > this.roundIndex(i); j -= 1) if (this.isReopening(j) && this.revokedLevel(j) <= level) return j;
    return -1;
  }

  private isReopening(j: number): boolean {
    return (this.reopeningAt[j] ??= this.reopens(j));
  }

  private reopens(j: number): boolean {
    const fact = this.at(j);
    if (fact.kind !== 'revoke' || !this.isAccepted(j)) return false;
    return this.phase(j - 1) === 'approved' || this.revokedLevel(j) < this.level(j - 1);
  }

  private revokedLevel(j: number): number {
    const fact = this.at(j);
    const v = fact.kind === 'revoke' ? this.indexOfVote(fact.vote, j - 1) : null;
    return v === null ? endless : this.levelOf(v);
  }

  private settles(j: number): boolean {
    if (j < 0 || !this.isAccepted(j)) return false;
    const fact = this.at(j);
    if (fact.kind === 'vote') return !this.isRepeat(j);
    if (fact.kind === 'start') return this.phase(j - 1) === 'pending';
    if (fact.kind === 'revise') return fact.isMaterial;
    return fact.kind === 'revoke' || fact.kind === 'leave' || fact.kind === 'electorate' || fact.kind === 'remind';
  }

  private lastSettled(i: number): number {
    for (let j = i; j >= 0; j -= 1) if (this.settles(j)) return j;
    return -1;
  }

  /** The votes that nothing has ended. */
  private standing(i: number): readonly number[] {
    if (i < 0) return [];
    return (this.standingAt[i] ??= this.facts.flatMap((fact, v) => {
      if (v > i || fact.kind !== 'vote' || !this.isAccepted(v) || this.isRepeat(v)) return [];
      for (let j = v + 1; j <= i; j += 1) if (this.isEnded(v, j)) return [];
      return [v];
    }));
  }

  private isEnded(v: number, j: number): boolean {
    if (!this.isAccepted(j)) return false;
    const fact = this.at(j);
    if (fact.kind === 'revoke' && fact.vote === this.vote(v).id) return true;
    if (fact.kind === 'revise' && fact.isMaterial) return true;
    const level = this.levelOf(v);
    if (this.isReopening(j) && this.revokedLevel(j) < level) return true;
    if (!this.settles(j) || this.silenceIndex(j) !== null || this.levelBefore(j) !== level) return false;
    return !this.isFit(v, { level, now: j, seen: j });
  }

  // People

  private isFit(v: number, when: { level: number; now: number; seen: number }): boolean {
    const [person, actor] = this.pair(v);
    const isBarred = (this.setOf([person, actor]) & this.barred(when.seen)) !== 0;
    const slots = this.rule(when.seen)[when.level]?.slots ?? [];
    return !isBarred && slots.some(({ id }) => (this.eligible(id, when) & this.bit(person)) > 0);
  }

  /** Requester, implementers where the risk bars them, and who has left. */
  private barred(i: number): number {
    return (this.barredAt[i + 1] ??= this.barredOf(i));
  }

  private barredOf(i: number): number {
    const { requester, implementers, risk, rule } = this.request(i);
    const gone = this.facts.flatMap((fact, j) =>
      j <= i && fact.kind === 'leave' && this.isAccepted(j) ? [fact.person] : [],
    );
    return this.setOf([
      ...(rule.excludeRequester ? [requester] : []),
      ...(risk === 'low' ? [] : implementers),
      ...gone,
    ]);
  }

  private eligible(slot: string, { now, seen }: { now: number; seen: number }): number {
    return this.base(slot, { now, seen }) | (this.added(slot, seen) & ~this.barred(seen));
  }

  private base(slot: string, { now, seen }: { now: number; seen: number }): number {
    const electorate = this.electorate(now);
    const known = this.rosters.get(electorate) ?? new Map<string, number>();
    this.rosters.set(electorate, known);
    const people = known.get(slot) ?? this.setOf(electorate.slots[slot] ?? []);
    known.set(slot, people);
    return people & ~this.barred(seen);
  }

  /** Managers of those who were silent at the last reminder of the round, unless they were asked already. */
  private added(slot: string, i: number): number {
    let added = 0;
    for (let j = Math.max(0, this.roundIndex(i) + 1); j <= i; j += 1) {
      const fact = this.at(j);
      if (fact.kind !== 'remind' || !this.isAccepted(j) || this.percent(j) !== 90) continue;
      const level = this.level(j - 1);
      if (!(this.rule(j)[level]?.slots ?? []).some(({ id }) => id === slot)) continue;
      const eligible = this.eligible(slot, { now: j, seen: j - 1 });
      for (const [person, manager] of Object.entries(fact.managers)) {
        const isSilent = !this.standing(j - 1).some((v) => this.isUsedUp(v, level) && this.pair(v).includes(person));
        if ((eligible & this.bit(person)) > 0 && isSilent) added |= this.bit(manager) & ~eligible;
      }
    }
    return added;
  }

  private isUsedUp(v: number, level: number): boolean {
    const { choice } = this.vote(v);
    const own = this.levelOf(v);
    const rule = this.rule(v);
    return (
      own === level || (choice !== 'abstain' && rule[own]?.countsApart !== true && rule[level]?.countsApart !== true)
    );
  }

  // Quorums

  private isSatisfied(level: number, j: number): boolean {
    const slots = this.rule(j)[level]?.slots ?? [];
    const votes = this.standing(j).filter((v) => this.levelOf(v) === level);
    if (votes.filter((v) => this.vote(v).choice === 'reject').length >= (this.rule(j)[level]?.rejectOn ?? 0))
      return false;
    const approving = this.setOf(votes.filter((v) => this.vote(v).choice === 'approve').map((v) => this.pair(v)[0]));
    const when = { now: j, seen: j };
    const seats = slots.map(({ id, quorum }) => ({
      min: minimum(quorum, size(this.base(id, when))),
      people: approving & this.eligible(id, when),
    }));
    return isSeatable(seats) && (level + 1 < this.rule(j).length || this.hasOutsider(j));
  }

  private isReachable(j: number): boolean {
    const open = j < 0 ? 0 : this.level(j);
    const when = { now: j, seen: j };
    const joint: Seat[] = [];
    let free = 0;
    for (const [index, level] of this.rule(j).entries()) {
      if (index < open) continue;
      const used = this.setOf(
        this.standing(j)
          .filter((v) => this.isUsedUp(v, index))
          .flatMap((v) => this.pair(v)),
      );
      const given = this.setOf(
        this.standing(j)
          .filter((v) => this.levelOf(v) === index && this.vote(v).choice === 'approve')
          .map((v) => this.pair(v)[0]),
      );
      const seats = level.slots.map(({ id, quorum }) => {
        const eligible = this.eligible(id, when);
        free |= eligible & ~used;
        return { min: minimum(quorum, size(this.base(id, when))), people: eligible & (~used | given) };
      });
      if (!level.countsApart) joint.push(...seats);
      else if (!isSeatable(seats)) return false;
    }
    const outsiders = free & ~this.setOf(this.request(j).authors);
    return isSeatable(joint) && (this.hasOutsider(j) || outsiders !== 0);
  }

  private hasOutsider(j: number): boolean {
    const { authors } = this.request(j);
    const byOutsider = (v: number): boolean =>
      this.vote(v).choice === 'approve' && this.pair(v).every((one) => !authors.includes(one));
    return authors.length === 0 || this.standing(j).some((v) => byOutsider(v));
  }

  // Time

  private respondBy(i: number): number {
    const { at, respondBy } = this.clock(i);
    return Math.min(respondBy ?? at + 7 * dayMs, this.request(i).window?.end ?? endless);
  }

  /** What set the clock last: the opening, a material change, a revocation of what had been granted. */
  private clock(i: number): { at: number; respondBy: number | null; index: number } {
    for (let j = i; j > this.roundIndex(i); j -= 1) {
      const fact = this.at(j);
      if (fact.kind === 'revoke' && this.isAccepted(j) && this.phase(j - 1) === 'approved')
        return { ...fact, index: j };
    }
    const index = this.roundIndex(i);
    const fact = index < 0 ? this.opening : this.at(index);
    return { at: fact.at, respondBy: 'respondBy' in fact ? fact.respondBy : null, index };
  }

  private percent(i: number): number {
    const { at, index } = this.clock(i - 1);
    const { window, rule } = this.request(i - 1);
    const target = Math.min(this.respondBy(i - 1), window === null ? endless : window.start - rule.leadMs);
    let sent = 0;
    for (let j = Math.max(0, index + 1); j < i; j += 1)
      if (this.at(j).kind === 'remind' && this.isAccepted(j)) sent = Math.max(sent, this.percent(j));
    const due = [50, 75, 90].filter(
      (each) => each > sent && this.at(i).at >= at + Math.floor((Math.max(0, target - at) * each) / 100),
    );
    return due.at(-1) ?? 0;
  }

  // Looking up

  private at(i: number): Fact {
    const fact = this.facts[i];
    if (fact === undefined) throw new Error(`no fact ${i}`);
    return fact;
  }

  private vote(i: number): Extract<Fact, { kind: 'vote' }> {
    const fact = this.at(i);
    if (fact.kind !== 'vote') throw new Error(`fact ${i} is no vote`);
    return fact;
  }

  /** Whose vote it is, and who gave it. */
  private pair(v: number): readonly [string, string] {
    const { actor, onBehalfOf } = this.vote(v);
    return [onBehalfOf ?? actor, actor];
  }

  private levelOf(v: number): number {
    return this.level(v - 1);
  }

  private indexOfVote(id: string, i: number): number | null {
    const found = this.facts.findIndex(
      (fact, j) => j <= i && fact.kind === 'vote' && fact.id === id && this.isAccepted(j),
    );
    return found < 0 ? null : found;
  }

  private roundIndex(i: number): number {
    return (this.roundAt[i] ??= this.roundOf(i));
  }

  private roundOf(i: number): number {
    for (let j = i; j >= 0; j -= 1) {
      const fact = this.at(j);
      if (fact.kind === 'revise' && fact.isMaterial && this.isAccepted(j)) return j;
    }
    return -1;
  }

  private request(i: number): ApprovalRequest {
    const fact = this.roundIndex(i) < 0 ? this.opening : this.at(this.roundIndex(i));
    return 'request' in fact ? fact.request : this.opening.request;
  }

  private rule(i: number): readonly ApprovalLevel[] {
    return this.request(i).rule.levels;
  }

  private startIndex(i: number): number | null {
    const found = this.facts.findIndex((fact, j) => j <= i && fact.kind === 'start' && this.isAccepted(j));
    return found < 0 ? null : found;
  }

  private electorate(i: number): Electorate {
    return i < 0 ? this.opening.electorate : this.at(i).electorate;
  }

  private bit(person: string): number {
    const known = this.bits.get(person) ?? 1 << this.bits.size;
    this.bits.set(person, known);
    return known;
  }

  private setOf(people: readonly string[]): number {
    let set = 0;
    for (const person of people) set |= this.bit(person);
    return set;
  }
}

interface Seat {
  readonly min: number;
  readonly people: number;
}

/** Hall: everyone can be seated if every choice of slots has as many people as it needs. */
function isSeatable(seats: readonly Seat[]): boolean {
  for (let choice = 1; choice < 1 << seats.length; choice += 1) {
    let need = 0;
    let people = 0;
    for (const [index, seat] of seats.entries()) {
      if ((choice & (1 << index)) === 0) continue;
      need += seat.min;
      people |= seat.people;
    }
    if (size(people) < need) return false;
  }
  return true;
}

function size(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** The least whole number of people that is enough. */
function minimum(quorum: Quorum, people: number): number {
  if (quorum.mode === 'n') return quorum.n;
  const percent = quorum.mode === 'percent' ? quorum.percent : quorum.mode === 'all' ? 100 : 0;
  let count = 1;
  while (count * 100 < percent * people) count += 1;
  return count;
}
