import type { Hold } from '../../../workflows/domain/backup-set';
import type { JournalEntry, JournalKind, JournalPayloads } from '../../../workflows/domain/journal';
import { recheckPrune } from '../../../workflows/domain/retention-grace';
import { retentionOf } from '../../../workflows/domain/retention';
import { retentionText } from '../../../workflows/domain/retention-text';
import type { AnyJournalEntry, Effects, Lookups } from '../../../workflows/effects';
import { isInterruption } from '../../../workflows/effects';
import { keeperProcedure } from '../../../workflows/backup/keeper';
import {
  handleKeeperAct,
  handleKeeperAnswer,
  receiveEnd,
  receiveMoved,
  validateKeeperAct,
} from '../../../workflows/backup/keeper-inbox';
import type { KeeperHere } from '../../../workflows/backup/keeper-here';
import { initialKeeper, restoredKeeper } from '../../../workflows/backup/keeper-state';
import type { KeeperState } from '../../../workflows/backup/keeper-state';
import type {
  BackupAct,
  BackupAction,
  BackupReply,
  KeeperInput,
  KnownSet,
  OperationEnd,
  OperationInput,
  PlanInForce,
  Slot,
} from '../../../workflows/backup/messages';
import { timingOf, VirtualClock } from '../../../workflows/rehearsal/clock';
import type { Part } from '../../../workflows/rehearsal/clock';
import { ScriptedPeople } from '../../../workflows/rehearsal/people';
import type { ScriptedAnswer } from '../../../workflows/rehearsal/schema';
import { surroundingsOf } from '../../../workflows/rehearsal/surroundings';
import { ScriptedWorld } from '../../../workflows/rehearsal/world';
import { program } from '../../support/program';
import { knownSet, planInForce, start } from './bed';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** How an operation goes; what is left out goes well within ten minutes. */
export interface Course {
  readonly takesMs?: number;
  readonly outcome?: OperationEnd['outcome'];
  readonly reason?: string;
  readonly alarms?: { readonly [alarm: string]: string };
  /** Its end does not reach the keeper. */
  readonly lost?: boolean;
}

/** From a time of the first day on, again and again. */
export interface Rhythm {
  readonly run: string;
  readonly firstMs: number;
  readonly everyMs: number;
}

export interface KeeperBedOptions {
  readonly plan?: Partial<PlanInForce>;
  readonly rhythms?: readonly Rhythm[];
  readonly sets?: readonly KnownSet[];
  /** R-BKP-1 in the bed: so many of the newest stay. */
  readonly keepLast?: number;
  readonly course?: (operation: OperationInput, count: number) => Course;
  readonly drills?: Lookups['drillHistory']['answer']['drills'];
  readonly answers?: readonly ScriptedAnswer[];
  readonly suspendAt?: (checkpoint: number) => boolean;
  /** When it was started; the start of the bed when absent. */
  readonly createdAt?: number;
}

interface Launched {
  readonly at: number;
  readonly operation: OperationInput;
  endedAt: number | null;
}

type Answers = { readonly [Q in keyof Lookups]?: (asked: Lookups[Q]['asked']) => Lookups[Q]['answer'] };

/** A keeper on a virtual clock: operations end as scripted, and what is journaled shows in the sets. */
export class KeeperBed {
  readonly clock: VirtualClock;
  readonly journal: AnyJournalEntry[] = [];
  readonly launched: Launched[] = [];
  readonly replies = new Map<string, BackupReply>();
  readonly ended = new Map<string, OperationEnd>();
  sets: KnownSet[];
  /** Null: it is not published. */
  plan: PlanInForce | null;
  rhythms: readonly Rhythm[];
  state: KeeperState;
  readonly input: KeeperInput;
  readonly #surroundings;
  readonly #people: ScriptedPeople;
  #again: BackupAct[] = [];
  #acts = 0;
  #problem: string | null = null;

  constructor(readonly options: KeeperBedOptions = {}) {
    this.clock = new VirtualClock(start, options.suspendAt);
    this.sets = [...(options.sets ?? [])];
    this.plan = planInForce(options.plan);
    this.rhythms = options.rhythms ?? [];
    this.state = initialKeeper(start);
    const { createdAt = start } = options;
    const keeper = { installation: 'i', id: 'k00000000001', number: 0, requester: 'engine', createdAt, parent: null };
    this.input = { keeper, plan: 'shop-db' };
    const answers = options.answers ?? [];
    this.#people = new ScriptedPeople(answers, this.clock);
    const world = new ScriptedWorld({ program: program([]), hosts: {}, outcomes: [] }, this.clock);
    this.#surroundings = surroundingsOf(
      world,
      answers.map(({ by }) => by),
    );
  }

  /** Lets it keep the plan for so long, entering it again whenever it continues as new. */
  async play(forMs: number): Promise<this> {
    const until = this.clock.now + forMs;
    for (;;) {
      try {
        await this.clock.run((part) =>
          this.#effects(part).race<unknown>([
            (inner) => keeperProcedure(this.input, this.state, inner),
            (inner) => inner.waitFor(() => false, until),
          ]),
        );
        return this;
      } catch (error) {
        if (!isInterruption(error) || error.reason !== 'suspend') throw error;
        this.state = restoredKeeper(JSON.parse(JSON.stringify(this.state)));
        const again = this.#again;
        this.#again = [];
        for (const act of again) this.clock.at(this.clock.now, () => this.#send(act));
      }
    }
  }

  /** Answers the id of the act, under which its reply is found. */
  act(at: number, action: BackupAction, actor = 'user/ann'): string {
    const id = `act-${(this.#acts += 1)}`;
    this.send(at, { id, actor, via: 'cli', ...action });
    return id;
  }

  send(at: number, act: BackupAct): void {
    this.clock.at(at, () => this.#send(act));
  }

  /** Nobody is there for so long. */
  down(at: number, forMs: number): void {
    this.clock.at(at, () => this.clock.skipTo(at + forMs));
  }

  /** The plan is published anew, or not any more. */
  publish(at: number, plan: PlanInForce | null, rhythms: readonly Rhythm[] = this.rhythms): void {
    this.clock.at(at, () => {
      this.#problem = null;
      this.plan = plan;
      this.rhythms = rhythms;
      void receiveMoved(this.#here());
    });
  }

  /** What the plan names is not as it was. */
  breakPlan(at: number, message: string): void {
    this.clock.at(at, () => {
      this.#problem = message;
      void receiveMoved(this.#here());
    });
  }

  payloads<K extends JournalKind>(kind: K): readonly JournalPayloads[K][] {
    return this.journal.filter((entry) => isOf(entry, kind)).map(({ payload }) => payload);
  }

  entries<K extends JournalKind>(kind: K): readonly JournalEntry<K>[] {
    return this.journal.filter((entry) => isOf(entry, kind));
  }

  launchedOf(kind: OperationInput['work']['kind']): readonly Launched[] {
    return this.launched.filter(({ operation }) => operation.work.kind === kind);
  }

  get openTasks(): readonly string[] {
    return Object.values(this.state.tasks).flatMap(({ task, closed }) => (closed === null ? [task.title] : []));
  }

  #send(act: BackupAct): void {
    const here = this.#here();
    const refusal = validateKeeperAct(here, act);
    if (refusal !== null) {
      this.replies.set(act.id, { accepted: false, ...refusal });
      return;
    }
    void handleKeeperAct(here, act).then((reply) => {
      if (!reply.accepted && reply.code === 'TRY_AGAIN') this.#again.push(act);
      else this.replies.set(act.id, reply);
    });
  }

  #here(): KeeperHere {
    const outside: Part = { parent: null, shielded: true, cancelled: false };
    return { input: this.input, state: this.state, effects: this.#effects(outside) };
  }

  #effects(part: Part): Effects {
    const refuse = (): never => {
      throw new Error('Cannot do that: a keeper has no steps');
    };
    return {
      ...timingOf(this.clock, part, (inner) => this.#effects(inner)),
      random: () => 0.5,
      perform: refuse,
      cancelJobs: refuse,
      startRun: refuse,
      steer: refuse,
      report: refuse,
      wake: refuse,
      announce: refuse,
      callOff: refuse,
      lookUp: async (question, asked) => this.#lookUp(question, asked),
      launch: async (operation) => this.#launch(operation),
      record: (entry) => this.#record(entry),
      flush: () => Promise.resolve(),
      version: () => true,
    };
  }

  #launch(operation: OperationInput): void {
    const { id } = operation.operation;
    if (this.launched.some((known) => known.operation.operation.id === id)) return;
    const launched: Launched = { at: this.clock.now, operation, endedAt: null };
    this.launched.push(launched);
    const { takesMs = 600_000, lost = false, ...course } = this.#courseOf(operation);
    this.clock.at(this.clock.now + takesMs, () => {
      launched.endedAt = this.clock.now;
      const end = this.#end(launched, course);
      this.ended.set(id, end);
      if (!lost) receiveEnd(this.#here(), end);
    });
  }

  #courseOf(operation: OperationInput): Course {
    const { calledOff } = operation;
    if (calledOff !== undefined) return { takesMs: 0, outcome: 'cancelled', reason: calledOff };
    return this.options.course?.(operation, this.launched.length) ?? {};
  }

  #end({ operation, at }: Launched, course: Omit<Course, 'takesMs' | 'lost'>): OperationEnd {
    const { work } = operation;
    const { id } = operation.operation;
    const { outcome = work.kind === 'drill' ? 'PASS' : 'succeeded', reason = '', alarms } = course;
    const now = this.clock.now;
    if (work.kind === 'backup' && outcome === 'succeeded')
      this.sets.unshift(knownSet({ id, setId: `tool-${id}`, atMs: at, levels: { V0: now, V1: now } }));
    if (work.kind === 'forget') {
      const { goes } = recheckPrune(work.sets, { sets: this.sets, minimumRedundancy: 1 }, now);
      this.sets = this.sets.filter((set) => !goes.includes(set.id));
    }
    const looked = work.kind === 'backup' || work.kind === 'watch' || work.kind === 'forget';
    return {
      operation: id,
      kind: work.kind,
      outcome,
      reason,
      set: work.kind === 'backup' && outcome === 'succeeded' ? id : null,
      endedAt: now,
      ...(alarms === undefined && !looked ? {} : { alarms: alarms ?? {} }),
    };
  }

  #record(entry: object): void {
    const written: unknown = { at: this.clock.now, actor: 'engine', via: 'engine', ...entry };
    if (!isEntry(written)) throw new Error('Cannot record what is no entry');
    if (this.journal.some(({ key }) => key === written.key)) throw new Error(`Cannot record "${written.key}" twice`);
    this.journal.push(written);
    this.#fold(written);
    if (written.kind !== 'task.opened') return;
    this.#people.onOpened(written.payload, () => ({
      isOpen: (id) =>
        [...Object.values(this.state.tasks), ...this.state.releases.flatMap(({ desk }) => desk.tasks)].some(
          ({ task, closed }) => task.id === id && closed === null,
        ),
      answer: (answer) => handleKeeperAnswer(this.#here(), answer),
    }));
  }

  #fold(entry: JournalEntry): void {
    if (isOf(entry, 'backup.held')) {
      const { set, name, untilMs, reason, kind } = entry.payload;
      const holdKind = kind === 'legal' || kind === 'permanent' ? kind : 'plain';
      const hold: Hold = { name, kind: holdKind, untilMs, by: entry.actor, reason };
      this.#change([set], ({ holds }) => ({ holds: [...holds, hold] }));
    }
    if (isOf(entry, 'backup.released')) {
      const { set, name: released } = entry.payload;
      this.#change([set], ({ holds }) => ({ holds: holds.filter(({ name }) => name !== released) }));
    }
    if (isOf(entry, 'backup.pinned')) {
      const { sets, by, pinned } = entry.payload;
      this.#change(sets, ({ pins }) => ({ pins: pinned ? [...pins, by] : pins.filter((each) => each !== by) }));
    }
    if (isOf(entry, 'backup.expiring')) {
      const going = entry.payload.sets;
      this.sets = this.sets.map((set) => ({ ...set, expiring: going.includes(set.id) }));
    }
  }

  #change(ids: readonly string[], changed: (set: KnownSet) => Partial<KnownSet>): void {
    this.sets = this.sets.map((set) => (ids.includes(set.id) ? { ...set, ...changed(set) } : set));
  }

  #lookUp<Q extends keyof Lookups>(
    question: Q,
    asked: Lookups[Q]['asked'],
  ): Promise<Lookups[Q]['answer']> | Lookups[Q]['answer'] {
    const own = this.#own[question] ?? null;
    return own === null ? this.#surroundings.lookUp(question, asked) : own(asked);
  }

  readonly #own: Answers = {
    backupPlan: () => {
      if (this.#problem !== null) return { problems: [{ code: 'PLAN_BROKEN', message: this.#problem }] };
      return this.plan === null ? { gone: true } : { inForce: this.plan };
    },
    backupSlots: ({ fromMs, untilMs, limit }) => {
      const slots = this.rhythms.flatMap((rhythm) => slotsOf(rhythm, fromMs, untilMs + 400 * dayMs));
      const sorted = slots.toSorted((a, b) => a.atMs - b.atMs);
      const inTime = sorted.filter(({ atMs }) => atMs < untilMs).slice(0, limit);
      return { slots: inTime, nextMs: sorted[inTime.length]?.atMs ?? null };
    },
    backupSets: () => ({ sets: this.sets }),
    operationsEnded: ({ ids }) => ({ ended: ids.flatMap((id) => this.ended.get(id) ?? []) }),
    drillHistory: () => ({ drills: this.options.drills ?? [] }),
    retentionPlan: ({ atMs, pinned }) => {
      const buckets = { hourly: '', daily: '', weekly: '', monthly: '', yearly: '' };
      const candidates = this.sets.map((set) => ({
        ...set,
        pins: pinned.includes(set.id) ? ['asked'] : set.pins,
        group: 'g',
        buckets,
      }));
      const policy = {
        algorithm: 'independent',
        last: this.options.keepLast ?? 0,
        hourly: 0,
        daily: 0,
        weekly: 0,
        monthly: 0,
        yearly: 0,
        withinMs: 0,
        fullOlderThanMs: 0,
        minimumRedundancy: 1,
      } as const;
      const verdicts = retentionOf(candidates, policy, atMs);
      return {
        madeAt: atMs,
        expiring: verdicts.filter(({ keep }) => !keep).map(({ id }) => id),
        explained: verdicts.map((each) => ({ set: each.id, keep: each.keep, reasons: [retentionText(each)] })),
      };
    },
  };
}

function slotsOf({ run, firstMs, everyMs }: Rhythm, fromMs: number, untilMs: number): readonly Slot[] {
  const slots: Slot[] = [];
  const begun = start + firstMs;
  const skipped = Math.max(0, Math.ceil((fromMs - begun) / everyMs));
  for (let atMs = begun + skipped * everyMs; atMs < untilMs && slots.length < 1_000; atMs += everyMs)
    slots.push({ run, atMs });
  return slots;
}

function isOf<K extends JournalKind>(entry: JournalEntry, kind: K): entry is JournalEntry<K> {
  return entry.kind === kind;
}

function isEntry(entry: unknown): entry is AnyJournalEntry {
  return typeof entry === 'object' && entry !== null && 'kind' in entry && 'payload' in entry;
}
