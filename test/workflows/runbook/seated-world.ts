import { timingOf, VirtualClock } from '../../../workflows/rehearsal/clock';
import type { Part } from '../../../workflows/rehearsal/clock';
import { surroundingsOf } from '../../../workflows/rehearsal/surroundings';
import { ScriptedWorld } from '../../../workflows/rehearsal/world';
import type { Json } from '../../../workflows/domain/json';
import type { OperationReply } from '../../../workflows/domain/operation';
import type { Effects, Lookups, OperationCall } from '../../../workflows/effects';
import { handleControl, receiveLockNews } from '../../../workflows/runbook/inbox';
import { runbookProcedure } from '../../../workflows/runbook/interpret';
import type { Control, RunInput } from '../../../workflows/runbook/messages';
import { enterState } from '../../../workflows/runbook/resume';
import { initialState } from '../../../workflows/runbook/state';
import type { RunState } from '../../../workflows/runbook/state';
import { program } from '../../support/program';
import { SeatOffice } from './seat-office';
import { replied } from './fake-effects';
import { body, rollout, undoOf } from './plans';
import { noOperations } from '../../../workflows/rehearsal/operations';

/** Redundancy groups over hosts by number; a host may be in several. */
const groups: { readonly [name: string]: { readonly limit: number; readonly members: readonly number[] } } = {
  web: { limit: 2, members: [0, 1, 2, 3, 4, 5] },
  shop: { limit: 1, members: [4, 5, 6, 7] },
  cache: { limit: 1, members: [8, 9] },
  rack: { limit: 3, members: [1, 3, 5, 7, 9, 11] },
};
const hostCount = 12;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

interface Run {
  readonly input: RunInput;
  readonly targets: readonly number[];
  state: RunState;
  dead: boolean;
}

export interface Seen {
  readonly violations: readonly string[];
  readonly outcomes: { readonly [outcome: string]: number };
  /** Times that a host went out of service, and the most that were out at once, by group. */
  readonly outs: number;
  readonly most: { readonly [group: string]: number };
  /** When nothing goes on any more, and people have looked at everything. */
  readonly seatsLeft: readonly string[];
}

/** Many rollouts at once over shared hosts, with failures, deaths, resumes and people who repair. What is seen, the hosts say. */
export async function playTogether(seed: number, runCount: number): Promise<Seen> {
  return new SeatedWorld(seed).play(runCount);
}

class SeatedWorld {
  readonly #random: () => number;
  readonly #clock = new VirtualClock(0);
  readonly #runs = new Map<string, Run>();
  readonly #office: SeatOffice;
  readonly #hosts = new HostsThemselves();
  readonly #outcomes: { [outcome: string]: number } = {};
  readonly #never = new Promise<never>(() => {});

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    this.#office = new SeatOffice(
      (runId, index) => hostNumbered(this.#runs.get(runId)?.targets[index] ?? 0),
      (name) => this.#clock.at(this.#clock.now + this.#between(1, 300) * minuteMs, () => this.#repair(name)),
    );
  }

  async play(runCount: number): Promise<Seen> {
    const ids = Array.from({ length: runCount }, (_, index) => `r${index}`);
    await this.#clock.run(async (part) => {
      await Promise.all(ids.map((id) => this.#life(id, part)));
      // People are still at it.
      await this.#clock.wait(part, () => false, this.#clock.now + dayMs);
    });
    const { violations, most, outs } = this.#hosts;
    return { violations, most, outs, outcomes: this.#outcomes, seatsLeft: [...this.#office.seats.keys()] };
  }

  async #life(id: string, part: Part): Promise<void> {
    const run = this.#newRun(id);
    this.#runs.set(id, run);
    await this.#pause(part, 120);
    // Nobody answers what the engine asks; a run that waits for that is ended in the end.
    const death = this.#random() < 0.4 ? this.#between(1, 240) * minuteMs : 2 * dayMs;
    this.#clock.at(this.#clock.now + death, () => {
      run.dead = true;
    });
    if (this.#random() < 0.3)
      this.#clock.at(this.#clock.now + this.#between(1, 120) * minuteMs, () => void this.#meddle(run));
    const died = this.#clock.wait(part, () => run.dead, null).then(() => 'died');
    for (let pass = 0; pass < 3; pass += 1) {
      const outcome = await Promise.race([this.#pass(run, part), died]);
      this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
      this.#office.orphanAll(id);
      this.#wake(this.#office.due());
      if (outcome === 'succeeded' || run.dead || this.#random() < 0.3) return;
      await this.#pause(part, 120);
    }
  }

  async #pause(part: Part, mostMinutes: number): Promise<void> {
    await this.#clock.wait(part, () => false, this.#clock.now + this.#between(1, mostMinutes) * minuteMs);
  }

  async #pass(run: Run, part: Part): Promise<string> {
    const effects = this.#effectsOf(run, part);
    if (run.state.stage !== 'new') {
      const stored: Json = JSON.parse(JSON.stringify(run.state));
      const loading = { ...effects, lookUp: withAnswers(effects, { loadState: async () => ({ state: stored }) }) };
      run.state = await enterState({ ...run.input, stateDigest: 'stored', resume: { by: 'user/anna' } }, loading);
    }
    const { outcome } = await runbookProcedure(run.input, run.state, effects);
    return outcome;
  }

  /** Somebody cancels it, or has it back out, in the middle of whatever it does. */
  async #meddle(run: Run): Promise<void> {
    const by = { actor: 'user/anna', via: 'test', id: `${run.input.run.id}/meddled` };
    const control: Control =
      this.#random() < 0.5
        ? { action: 'backOut', ...by }
        : { action: 'cancel', keep: this.#random() < 0.5, reason: '', ...by };
    await handleControl(run.state, control, this.#effectsOf(run, { parent: null, shielded: true, cancelled: false }));
  }

  /** Whoever frees a seat has seen to it that its host is back. */
  #repair(name: string): void {
    if (this.#office.seats.get(name)?.state !== 'orphaned') return;
    this.#hosts.comesBack(Number(name.split('/h').at(-1)));
    this.#office.free(name);
    this.#wake(this.#office.due());
  }

  #wake(runIds: readonly string[]): void {
    for (const id of runIds) {
      const run = this.#runs.get(id);
      if (run !== undefined) receiveLockNews(run.state);
    }
  }

  /** Nothing of a run that is dead goes on: whatever it asks for is never answered. */
  #effectsOf(run: Run, part: Part): Effects {
    const script = { program: run.input.program, hosts: {}, outcomes: [], calendars: [] };
    const surroundings = surroundingsOf(new ScriptedWorld(script, this.#clock));
    const alive = async <T>(value: () => Promise<T>): Promise<T> => {
      await hop();
      return run.dead ? this.#never : value();
    };
    const base: Effects = {
      ...timingOf(this.#clock, part, (inner) => this.#effectsOf(run, inner)),
      ...noOperations,
      random: this.#random,
      perform: (call) => alive(() => this.#perform(run, part, call)),
      cancelJobs: (call) => alive(async () => ({ statuses: 'c'.repeat(call.request.hosts?.indices.length ?? 1) })),
      lookUp: (question, asked) => alive(() => surroundings.lookUp(question, asked)),
      report: () => Promise.resolve(),
      wake: async (runIds) => this.#wake(runIds),
      startRun: () => this.#never,
      steer: () => Promise.resolve(),
      record: () => {},
      flush: () => Promise.resolve(),
      version: () => true,
    };
    const seats = {
      acquireSeats: (asked: Lookups['acquireSeats']['asked']) =>
        alive(() => this.#answered(() => this.#office.acquire(asked))),
      releaseSeats: (asked: Lookups['releaseSeats']['asked']) =>
        alive(() => this.#answered(() => this.#office.release(asked))),
    };
    return { ...base, lookUp: withAnswers(base, seats) };
  }

  /** A worker dies with the reply: then the same is asked once more. */
  async #answered<T>(ask: () => T): Promise<T> {
    if (this.#random() < 0.2) ask();
    return ask();
  }

  async #perform(run: Run, part: Part, { request: { at, hosts } }: OperationCall): Promise<OperationReply> {
    const numbers = (hosts?.indices ?? []).map((index) => run.targets[index] ?? 0);
    if (at === 'drain' || at === 'undrain.undo') for (const host of numbers) this.#hosts.goesOut(host);
    await this.#pause(part, 15);
    if (run.dead) return this.#never;
    const statuses = numbers.map(() => this.#statusOf(at)).join('');
    if (at === 'undrain' || at === 'drain.undo')
      for (const [index, host] of numbers.entries()) if (statuses[index] === 's') this.#hosts.comesBack(host);
    return replied(statuses);
  }

  #statusOf(at: string): 's' | 'f' | 'u' {
    const bad = at.endsWith('.undo') ? 0.005 : at === 'install' ? 0.1 : 0.03;
    const drawn = this.#random();
    return drawn < bad ? 'f' : drawn < bad + 0.001 ? 'u' : 's';
  }

  #newRun(id: string): Run {
    const targets = Array.from({ length: hostCount }, (_, host) => host).filter(() => this.#random() < 0.5);
    const steps = [
      body('drain', { undo: undoOf('drain', 'started') }),
      body('install', { undo: undoOf('install', 'started') }),
      body('undrain', { undo: undoOf('undrain', 'started') }),
    ];
    const touched = Object.entries(groups).filter(([, { members }]) => targets.some((host) => members.includes(host)));
    const limits = Object.fromEntries(touched.map(([name, { limit }]) => [name, limit]));
    const step = rollout('up', steps, {
      parallel: this.#between(1, 4),
      maxFailures: { count: this.#between(0, 2) },
      onHostFailure: this.#random() < 0.3 ? 'undo' : 'leave',
      onRolloutFailure: this.#random() < 0.5 ? 'undo' : 'stop',
      allowEmpty: true,
      ...(touched.length === 0 ? {} : { redundancy: limits }),
    });
    const whole = program([step], { onFailure: this.#random() < 0.3 ? 'undo' : 'stop' });
    const run = { installation: 'test', id, number: 1, requester: 'user/anna', createdAt: 0, parent: null };
    const plan = { planHash: 'hash', planDigest: id, targetCounts: { web: targets.length } };
    const input = { run, ...plan, program: whole, lateInputs: {}, check: false };
    return { input, targets, state: initialState(this.#clock.now), dead: false };
  }

  #between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }
}

/** Counts by what happens to the hosts, and by no table of ours. */
class HostsThemselves {
  readonly violations: string[] = [];
  readonly most: { [group: string]: number } = {};
  outs = 0;
  readonly #out = new Set<number>();

  goesOut(host: number): void {
    if (!this.#out.has(host)) this.outs += 1;
    this.#out.add(host);
    for (const [name, { limit, members }] of Object.entries(groups)) {
      const count = members.filter((member) => this.#out.has(member)).length;
      this.most[name] = Math.max(this.most[name] ?? 0, count);
      if (count > limit) this.violations.push(`${count} of ${name} are out: ${[...this.#out].join(', ')}`);
    }
  }

  comesBack(host: number): void {
    this.#out.delete(host);
  }
}

function hostNumbered(host: number): { readonly name: string; readonly groups: readonly string[] } {
  const own = Object.entries(groups).filter(([, { members }]) => members.includes(host));
  return { name: `h${host}`, groups: own.map(([name]) => name).sort() };
}

type SomeAnswers = { [Q in keyof Lookups]?: (asked: Lookups[Q]['asked']) => Promise<Lookups[Q]['answer']> };

function withAnswers(base: Effects, answers: SomeAnswers): Effects['lookUp'] {
  return (question, asked) => {
    const own = answers[question];
    return own === undefined ? base.lookUp(question, asked) : own(asked);
  };
}

function hop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
