import type { Effects } from '../effects';
import { goTo } from './go-to';
import type { ResumeRequest, RunInput } from './messages';
import { initialState, newControl } from './state';
import type { RunState } from './state';

/** The state that a run is entered with: a new one, the one that crossed a continue-as-new, or that of a run to be resumed (D14). */
export async function enterState(input: RunInput, effects: Effects): Promise<RunState> {
  if (input.stateDigest === undefined) return initialState(effects.now());
  const { state } = await effects.lookUp('loadState', { digest: input.stateDigest });
  if (!isRunState(state))
    throw new Error(`Cannot enter run "${input.run.id}": what is stored under ${input.stateDigest} is not its state`);
  // What a run of an earlier version did not know of itself is as in a new one.
  const stored: RunState = state;
  const known = { ...initialState(effects.now()), ...stored, control: { ...newControl(), ...stored.control } };
  if (known.degraded && Object.keys(known.tolerated).length === 0) known.tolerated = { '': known.exceptions };
  return input.resume === undefined || known.stage !== 'closed' ? known : reopened(known, input.resume, input);
}

/** As it ended, if it cannot be resumed as it was asked. */
function reopened(state: RunState, request: ResumeRequest, input: RunInput): RunState {
  const open: RunState = JSON.parse(JSON.stringify(state));
  reopenRun(open, request);
  const refusal = request.from === undefined ? null : goTo(open, request.from, input.program.steps);
  if (refusal === null) return open;
  const counters = { ...state.counters, passes: state.counters.passes + 1 };
  return { ...state, counters, life: 'pending', refusal };
}

/** Written by this very code; the check is against a wrong digest, not against a forger. */
function isRunState(value: unknown): value is RunState {
  return typeof value === 'object' && value !== null && 'cursors' in value && 'frames' in value && 'stage' in value;
}

/** From the failed step on, at any depth, under generations above all that were used. */
function reopenRun(state: RunState, request: ResumeRequest): void {
  raiseFloor(state);
  state.counters.passes += 1;
  state.stage = request.undo === true ? 'undoing' : 'steps';
  state.life = 'pending';
  state.waits = {};
  state.control = newControl();
  state.outcome = null;
  state.refusal = null;
  if (request.undo !== true) state.undone = [];
  state.failure = null;
  state.backedOut = false;
  state.undoGivenUp = false;
  state.wasUndone = false;
  state.locks = [];
  state.asked = {};
  state.desks = {};
  state.onlyHosts = request.hosts === undefined ? null : [...request.hosts];
  for (const key of Object.keys(state.cursors))
    if (key === 'finally' || key.startsWith('finally/')) delete state.cursors[key];
  for (const key of Object.keys(state.frames)) if (key.startsWith('finally/')) delete state.frames[key];
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
