import { joinPath } from '../domain/effect-path';
import type { Effects } from '../effects';
import type { ResumeRequest, RunInput } from './messages';
import type { Step } from './plan';
import { initialState } from './state';
import type { RunState } from './state';

/** The state that a run is entered with: a new one, the one that crossed a continue-as-new, or that of a run to be resumed (D14). */
export async function enterState(input: RunInput, effects: Effects): Promise<RunState> {
  if (input.stateDigest === undefined) return initialState(effects.now());
  const { state } = await effects.lookUp('loadState', { digest: input.stateDigest });
  if (!isRunState(state))
    throw new Error(`Cannot enter run "${input.run.id}": what is stored under ${input.stateDigest} is not its state`);
  if (input.resume !== undefined && state.stage === 'closed') reopenRun(state, input.resume, input);
  return state;
}

/** Written by this very code; the check is against a wrong digest, not against a forger. */
function isRunState(value: unknown): value is RunState {
  return typeof value === 'object' && value !== null && 'cursors' in value && 'frames' in value && 'stage' in value;
}

/** From the failed step on, at any depth, under generations above all that were used. */
function reopenRun(state: RunState, request: ResumeRequest, input: RunInput): void {
  raiseFloor(state);
  state.counters.passes += 1;
  state.stage = request.undo === true ? 'undoing' : 'steps';
  state.life = 'pending';
  state.control = { paused: false, held: false, backOut: false, cancel: null };
  state.outcome = null;
  state.failure = null;
  state.backedOut = false;
  state.undoGivenUp = false;
  state.wasUndone = false;
  state.locks = [];
  state.asked = {};
  state.onlyHosts = request.hosts === undefined ? null : [...request.hosts];
  for (const key of Object.keys(state.cursors))
    if (key === 'finally' || key.startsWith('finally/')) delete state.cursors[key];
  for (const key of Object.keys(state.frames)) if (key.startsWith('finally/')) delete state.frames[key];
  if (request.from !== undefined) goTo(state, request.from, input.program.steps);
}

export function raiseFloor(state: RunState): void {
  state.highest += 1;
  state.floor = state.highest;
}

/** Everything was undone: the next pass does it all again. */
export function startOver(state: RunState): void {
  raiseFloor(state);
  state.cursors = {};
  state.frames = {};
  state.scopes = { '': { parent: null, names: {}, records: {} } };
}

/** `resume --from`: the named step and all that follow it run again. */
function goTo(state: RunState, id: string, steps: readonly Step[]): void {
  const chain = chainTo(steps, id);
  if (chain === null)
    throw new Error(`Cannot resume from "${id}": the runbook has no such step outside of loops and rollouts`);
  let path = '';
  for (const { index, step } of chain) {
    state.cursors[path] = index;
    path = joinPath(path, step.id);
    if (step.id === id) forgetBelow(state, path);
  }
}

function forgetBelow(state: RunState, path: string): void {
  for (const table of [state.frames, state.cursors]) {
    for (const key of Object.keys(table)) if (key === path || key.startsWith(`${path}/`)) delete table[key];
  }
}

interface Link {
  readonly index: number;
  readonly step: Step;
}

function chainTo(steps: readonly Step[], id: string): readonly Link[] | null {
  for (const [index, step] of steps.entries()) {
    if (step.id === id) return [{ index, step }];
    const inner = step.kind === 'group' ? chainTo(step.steps, id) : null;
    if (inner !== null) return [{ index, step }, ...inner];
  }
  return null;
}
