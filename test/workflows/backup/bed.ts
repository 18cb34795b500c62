import type { JournalEntry, JournalKind, JournalPayloads } from '../../../workflows/domain/journal';
import type { JsonObject } from '../../../workflows/domain/json';
import type { AnyJournalEntry, Effects, Lookups } from '../../../workflows/effects';
import { isInterruption } from '../../../workflows/effects';
import type {
  KnownSet,
  OperationEnd,
  OperationInput,
  OperationWork,
  PlanInForce,
} from '../../../workflows/backup/messages';
import type { Here } from '../../../workflows/backup/here';
import { handleAnswer } from '../../../workflows/backup/operation-inbox';
import { initialOperation } from '../../../workflows/backup/operation-state';
import type { ChildOutcome, ChildRun } from '../../../workflows/runbook/messages';
import { timingOf, VirtualClock } from '../../../workflows/rehearsal/clock';
import type { Part } from '../../../workflows/rehearsal/clock';
import { ScriptedPeople } from '../../../workflows/rehearsal/people';
import type { ScriptedAnswer } from '../../../workflows/rehearsal/schema';
import { surroundingsOf } from '../../../workflows/rehearsal/surroundings';
import { ScriptedWorld } from '../../../workflows/rehearsal/world';
import { program } from '../../support/program';

/** Monday, 2 November 2026, 01:00 UTC. */
export const start = Date.UTC(2026, 10, 2, 1);

/** What a runbook does when it is called: outputs, or why it failed, after so long; the same inputs are told to the test. */
export interface RoleScript {
  readonly outputs?: JsonObject;
  readonly fails?: string;
  readonly takesMs?: number;
}

export interface RoleCalled {
  readonly runbook: string;
  readonly inputs: JsonObject;
  readonly at: number;
  readonly undo: boolean;
  /** It was ended before it was through. */
  cancelled: boolean;
}

type Answers = { readonly [Q in keyof Lookups]?: (asked: Lookups[Q]['asked']) => Lookups[Q]['answer'] };

export interface BedOptions {
  /** By the name of the runbook without `backup/`: `restic/backup`, `place/open`. Called the n-th time (from 1). */
  readonly roles: { readonly [runbook: string]: (inputs: JsonObject, count: number) => RoleScript };
  readonly sets?: readonly KnownSet[];
  readonly manifests?: { readonly [set: string]: JsonObject };
  readonly lookups?: Answers;
  readonly answers?: readonly ScriptedAnswer[];
  readonly start?: number;
}

/** The world of backup procedures on a virtual clock: runbooks answer as scripted, everything is remembered. */
export class Bed {
  readonly clock: VirtualClock;
  readonly called: RoleCalled[] = [];
  readonly journal: AnyJournalEntry[] = [];
  readonly launched: OperationInput[] = [];
  readonly announced: OperationEnd[] = [];
  readonly calledOff: string[] = [];
  readonly #people: ScriptedPeople;
  readonly #planned = new Map<string, { readonly runbook: string; readonly inputs: JsonObject }>();
  readonly #counts = new Map<string, number>();
  readonly #surroundings;
  #here: Here | null = null;

  constructor(readonly options: BedOptions) {
    this.clock = new VirtualClock(options.start ?? start, undefined, (options.start ?? start) + 400 * 86_400_000);
    const answers = options.answers ?? [];
    this.#people = new ScriptedPeople(answers, this.clock);
    const world = new ScriptedWorld({ program: program([]), hosts: {}, outcomes: [] }, this.clock);
    this.#surroundings = surroundingsOf(
      world,
      answers.map(({ by }) => by),
    );
  }

  /** Plays one operation to its end. */
  async play<T>(input: OperationInput, procedure: (here: Here) => Promise<T>): Promise<T> {
    return this.clock.run(async (part) => {
      const here: Here = { input, state: initialOperation(input.calledOff), effects: this.effects(part) };
      this.#here = { ...here, effects: this.effects({ parent: null, shielded: true, cancelled: false }) };
      return procedure(here);
    });
  }

  /** While an operation is played: asks it to end at that instant. */
  callOffAt(at: number, reason: string): void {
    this.clock.at(at, () => {
      if (this.#here !== null) this.#here.state.calledOff ??= reason;
    });
  }

  payloads<K extends JournalKind>(kind: K): readonly JournalPayloads[K][] {
    return this.journal.filter((entry) => isOf(entry, kind)).map(({ payload }) => payload);
  }

  /** Names of the runbooks in the order of calling, undone ones with `undo `. */
  get names(): readonly string[] {
    return this.called.map(({ runbook, undo }) => `${undo ? 'undo ' : ''}${runbook}`);
  }

  effects(part: Part): Effects {
    const refuse = (): never => {
      throw new Error('Cannot do that: a backup has no steps of its own');
    };
    return {
      ...timingOf(this.clock, part, (inner) => this.effects(inner)),
      random: () => 0.5,
      perform: refuse,
      cancelJobs: refuse,
      steer: refuse,
      report: refuse,
      wake: refuse,
      lookUp: async (question, asked) => this.#lookUp(question, asked),
      startRun: (run) => this.#run(run, part),
      launch: async (operation) => void this.launched.push(operation),
      announce: async (end) => void this.announced.push(end),
      callOff: async (id) => void this.calledOff.push(id),
      record: (entry) => this.#record(entry),
      flush: () => Promise.resolve(),
      version: () => true,
    };
  }

  #record(entry: object): void {
    const written: unknown = { at: this.clock.now, actor: 'engine', via: 'engine', ...entry };
    if (!isEntry(written) || this.journal.some(({ key }) => key === written.key)) return;
    this.journal.push(written);
    const here = this.#here;
    if (written.kind !== 'task.opened' || here === null) return;
    this.#people.onOpened(written.payload, () => ({
      isOpen: (id) =>
        [...Object.values(here.state.tasks), ...(here.state.approval?.tasks ?? [])].some(
          ({ task, closed }) => task.id === id && closed === null,
        ),
      answer: (answer) => handleAnswer(here, answer),
    }));
  }

  #lookUp<Q extends keyof Lookups>(
    question: Q,
    asked: Lookups[Q]['asked'],
  ): Promise<Lookups[Q]['answer']> | Lookups[Q]['answer'] {
    const own = this.#answers[question] ?? null;
    return own === null ? this.#surroundings.lookUp(question, asked) : own(asked);
  }

  readonly #own: Answers = {
    planProvider: ({ runbook, inputs }) => {
      const planDigest = `plan${this.#planned.size}`;
      this.#planned.set(planDigest, { runbook, inputs });
      return { program: program([]), planHash: planDigest, planDigest, targetCounts: {} };
    },
    backupSets: () => ({ sets: this.options.sets ?? [] }),
    lastWords: () => ({ text: '' }),
    backupManifest: ({ set }) => ({ manifest: this.options.manifests?.[set] ?? null }),
    operationsEnded: () => ({ ended: [] }),
    drillHistory: () => ({ drills: [] }),
  };

  get #answers(): Answers {
    return { ...this.#own, ...this.options.lookups };
  }

  async #run(run: ChildRun, part: Part): Promise<ChildOutcome> {
    const planned = this.#planned.get(run.plan?.planDigest ?? '');
    if (planned === undefined) throw new Error(`Cannot run ${run.path}: nobody planned it`);
    const runbook = planned.runbook.replace(/^backup\//, '');
    const called: RoleCalled = {
      runbook,
      inputs: planned.inputs,
      at: this.clock.now,
      undo: run.undo,
      cancelled: false,
    };
    this.called.push(called);
    const count = (this.#counts.get(runbook) ?? 0) + 1;
    this.#counts.set(runbook, count);
    const script = this.options.roles[runbook];
    if (script === undefined) throw new Error(`Cannot run ${runbook}: the test has no script for it`);
    const { outputs = {}, fails, takesMs = 1_000 } = script(planned.inputs, count);
    try {
      const until = this.clock.now + takesMs;
      await this.clock.wait(part, () => false, until);
    } catch (error) {
      if (isInterruption(error)) called.cancelled = true;
      throw error;
    }
    const ended = { childId: run.childId, degraded: false, stateDigest: null };
    if (fails !== undefined)
      return { ...ended, outcome: 'failed', outputs: {}, error: { code: 'STEP_FAILED', message: fails } };
    return { ...ended, outcome: run.undo ? 'undone' : 'succeeded', outputs, error: null };
  }
}

function isOf<K extends JournalKind>(entry: JournalEntry, kind: K): entry is JournalEntry<K> {
  return entry.kind === kind;
}

function isEntry(entry: unknown): entry is AnyJournalEntry {
  return typeof entry === 'object' && entry !== null && 'kind' in entry && 'payload' in entry;
}

export function planInForce(over: Partial<PlanInForce> = {}): PlanInForce {
  return {
    name: 'shop-db',
    version: '1.0.0',
    digest: 'd1',
    owner: 'team/web',
    service: 'shop',
    provider: 'restic',
    roles: [
      'preflight',
      'backup',
      'verify',
      'list',
      'forget',
      'restore',
      'assert',
      'destroy',
      'mutate',
      'compare',
      'swap',
      'settle',
      'unlock',
      'replay',
      'copy',
    ],
    inventory: 'fleet',
    host: 'db1',
    source: ['/srv/shop'],
    with: {},
    repositories: { primary: { location: '/backup/shop', password: 'vault:backup#shop' }, offsite: null },
    backups: [{ id: 'nightly', kind: 'full', scheduled: true, missed: 'run-once-late' }],
    zone: 'UTC',
    quiesce: { before: null, after: null },
    trendPercent: 30,
    readPercent: 100,
    deepVerify: null,
    prunes: true,
    minimumRedundancy: 1,
    graceMs: 86_400_000,
    drill: {
      scheduled: false,
      missed: 'run-once-late',
      select: { how: 'latest' },
      host: 'drill1',
      inventory: null,
      directory: '/var/lib/drills',
      identity: { hostName: 'drill1', marker: '', system: '' },
      isolate: true,
      stableForMs: 5_000,
      mutations: [],
      maxAgeMs: null,
    },
    objectives: { rpoMs: null, rtoMs: null },
    watch: { everyMs: 3_600_000, minFreeBytes: 0, maxClockSkewMs: 300_000, maxLagMs: 600_000 },
    approvers: { restore: ['team/web'], holds: ['team/web'] },
    ...over,
  };
}

export function operationInput(work: OperationWork, plan: PlanInForce = planInForce()): OperationInput {
  return {
    operation: {
      installation: 'i',
      id: 'b00000000001',
      number: 0,
      requester: 'user/rita',
      createdAt: start,
      parent: 'k00000000001',
    },
    plan,
    work,
  };
}

export function knownSet(over: Partial<KnownSet> = {}): KnownSet {
  return {
    id: 'bset1',
    setId: 'tool-1',
    atMs: start - 86_400_000,
    kind: 'full',
    parent: '',
    sizeBytes: 1_000_000,
    owned: true,
    levels: { V0: start - 86_400_000, V1: start - 86_300_000 },
    broken: '',
    holds: [],
    pins: [],
    offsite: false,
    expiring: false,
    plan: 'shop-db',
    group: 'shop',
    digest: 'sha256:1',
    versions: { tool: '1.0.0', server: '' },
    hasManifest: true,
    ...over,
  };
}
