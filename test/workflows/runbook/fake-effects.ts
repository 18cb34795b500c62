import { VirtualClock } from '../../../workflows/rehearsal/clock';
import { surroundingsOf } from '../../../workflows/rehearsal/surroundings';
import { ScriptedWorld } from '../../../workflows/rehearsal/world';
import { runSteps } from '../../../workflows/runbook/sequence';
import { runStep } from '../../../workflows/runbook/step';
import { initialState } from '../../../workflows/runbook/state';
import type { RunState } from '../../../workflows/runbook/state';
import type { Here } from '../../../workflows/runbook/here';
import type { RunInput } from '../../../workflows/runbook/messages';
import type { Program } from '../../../workflows/runbook/plan';
import type { CancelReply, CancelRequest, OperationReply } from '../../../workflows/domain/operation';
import type { Effects, OperationCall } from '../../../workflows/effects';
import { program } from '../../support/program';
import { hosts } from './plans';
import { noOperations } from '../../../workflows/rehearsal/operations';

/** What a test decides about the world; all else succeeds at once. */
export interface FakeWorld {
  perform?(call: OperationCall): OperationReply | Promise<OperationReply>;
  cancelJobs?(call: OperationCall<CancelRequest>): CancelReply;
}

export interface FakeRun {
  readonly here: Here;
  readonly input: RunInput;
  readonly state: RunState;
  readonly effects: Effects;
  /** Everything that was asked of the effects, in order: `shielded ` in front of what nothing can cancel. */
  readonly asked: readonly string[];
}

const hostCount = 300;

/** Effects that write down how they are used: for what neither the virtual clock nor its world would show. */
export function fakeRun(world: FakeWorld = {}, over: Partial<Program> = {}): FakeRun {
  const asked: string[] = [];
  const effects = fakeEffects(world, asked, '');
  const input = inputOf(program([], over));
  const state = initialState(0);
  const here: Here = { input, state, effects, runSteps, runStep, path: '', scope: '', cleanup: false, names: {} };
  return { here, input, state, effects, asked };
}

function inputOf(whole: Program): RunInput {
  return {
    run: { installation: 'test', id: 'r1', number: 1, requester: 'user/anna', createdAt: 0, parent: null },
    planHash: 'hash',
    planDigest: 'digest',
    targetCounts: { web: hostCount },
    program: whole,
    lateInputs: {},
    check: false,
  };
}

/** The reply of a batch: one character for each of its targets. */
export function replied(statuses: string): OperationReply {
  const failures = statuses.split('').flatMap((code, position) => ('fu'.includes(code) ? [position] : []));
  return {
    statuses,
    changed: statuses.replaceAll(/[^s]/g, '0').replaceAll('s', '1'),
    failures: failures.length === 0 ? [] : [{ code: 'BROKEN', message: 'Cannot go on', positions: failures }],
    record: {},
    digest: 'd',
  };
}

function fakeEffects(world: FakeWorld, asked: string[], shielded: '' | 'shielded '): Effects {
  const note = (what: string): void => void asked.push(`${shielded}${what}`);
  const inside = (part: '' | 'shielded '): Effects => fakeEffects(world, asked, part);
  const script = { program: program([]), hosts: { web: hosts(hostCount) }, outcomes: [] };
  const surroundings = surroundingsOf(new ScriptedWorld(script, new VirtualClock(0)));
  return {
    ...noOperations,
    now: () => 0,
    random: () => 0.5,
    async sleep(ms) {
      note(`sleep ${ms}`);
    },
    // Time does not pass: who waits for it waits for ever.
    waitFor(predicate) {
      note('wait');
      return predicate() ? Promise.resolve(true) : new Promise(() => {});
    },
    async perform(call) {
      const { path, phase, hosts: targets } = call.request;
      note(`perform ${path} ${phase}`);
      return world.perform?.(call) ?? replied('s'.repeat(targets?.indices.length ?? 1));
    },
    async cancelJobs(call) {
      const { path, hosts: targets } = call.request;
      note(`cancelJobs ${path}`);
      return world.cancelJobs?.(call) ?? { statuses: 'c'.repeat(targets?.indices.length ?? 1) };
    },
    lookUp: (question, asked) => surroundings.lookUp(question, asked),
    wake: (runIds) => {
      note(`wake ${runIds.join(' ')}`);
      return Promise.resolve();
    },
    startRun: ({ childId, undo }) => {
      note(`startRun ${childId}${undo ? ' undo' : ''}`);
      const outcome = undo ? 'undone' : 'succeeded';
      return Promise.resolve({ childId, outcome, degraded: false, outputs: {}, error: null, stateDigest: 'state' });
    },
    steer: (childId, { action }) => {
      note(`steer ${childId} ${action}`);
      return Promise.resolve();
    },
    record: ({ kind }) => note(`record ${kind}`),
    async flush() {
      note('flush');
    },
    all: (tasks) => Promise.all(tasks.map((task) => task(inside(shielded)))),
    race: (tasks, background: typeof tasks = []) =>
      Promise.race([...tasks, ...background].map((task) => task(inside(shielded)))),
    scope: (body) => ({ result: body(inside(shielded)), cancel: () => {} }),
    shield: (body) => body(inside('shielded ')),
    checkpoint: () => Promise.resolve(),
    async report() {
      note('report');
    },
    version: () => true,
  };
}
