import type { Failure } from '../domain/failure';
import { acceptValue } from '../domain/inputs';
import type { Json, JsonObject } from '../domain/json';
import type { Rendered } from '../domain/render';
import type { RunOutcome } from '../domain/step-status';
import { isInterruption } from '../effects';
import type { Effects } from '../effects';
import { ask, engineQuestion, withdrawBelow } from './ask';
import type { Question } from './ask';
import { within } from './here';
import type { Here } from './here';
import { recordLife } from './life';
import { freeAllLocks, takeLocks, takePlace } from './locks';
import type { RunInput, RunResult } from './messages';
import type { Reads } from './plan';
import { race } from './race';
import { startOver } from './resume';
import { render } from './scope';
import { runSteps } from './sequence';
import type { RunState } from './state';
import { runStep } from './step';
import { withDeadline } from './time-limit';
import { undoAll } from './undo';
import { hasChanged } from './undo-stack';

export { enterState } from './resume';

/** What the binding completes with the head of the journal. */
export type ProcedureResult = Omit<RunResult, 'journalHead'>;

/** A run of a plan, from wherever its state stands to its end. */
export async function runbookProcedure(input: RunInput, state: RunState, effects: Effects): Promise<ProcedureResult> {
  const here = hereOf(input, state, effects);
  start(here);
  if (state.refusal !== null) return closeAgain(state.refusal, here);
  while (state.stage === 'steps' || state.stage === 'deciding') {
    if (state.stage === 'steps') await workThrough(here);
    if (state.stage === 'deciding') await decideWhatNow(here);
  }
  if (state.stage === 'undoing' && (await mayUndo(here))) await undoEverything(here);
  if (state.stage === 'finally') await cleanUp(here);
  return close(here);
}

function hereOf(input: RunInput, state: RunState, effects: Effects): Here {
  return { input, state, effects, runSteps, runStep, path: '', scope: '', cleanup: false, names: {} };
}

function start(here: Here): void {
  const { state, effects } = here;
  if (state.stage === 'new') {
    state.startedAt = effects.now();
    state.stage = 'steps';
  }
  if (state.life !== 'pending') return;
  state.control.cutoffAt ??= here.input.cutoffAt ?? null;
  state.passStartedAt = effects.now();
  const resumed = state.counters.passes > 0;
  effects.record({ key: `run@${state.counters.passes}/do/run.started`, kind: 'run.started', payload: { resumed } });
  recordLife(here, 'running', resumed ? 'resumed' : 'started');
}

/** The steps, unless somebody cancels the run or has it backed out meanwhile. */
async function workThrough(here: Here): Promise<void> {
  const { state } = here;
  state.failure = isToEnd(here)
    ? await endWork(here)
    : await race<Failure | null>(here.effects, [
        (effects) => workUntilTimeout(within(here, { effects })),
        (effects) => endRequested(within(here, { effects })),
      ]);
  // It was accepted before the steps were through: who asked relies on it.
  if (state.control.backOut) state.failure ??= backedOut;
  state.stage = state.failure === null ? 'finally' : 'deciding';
}

function isToEnd({ state: { control } }: Here): boolean {
  return control.cancel !== null || control.backOut;
}

/** Entered again while it is being ended: what a suspension left running is gone into, and ended there. */
async function endWork(here: Here): Promise<Failure> {
  const work = here.effects.scope((effects) => workUntilTimeout(within(here, { effects })));
  work.cancel();
  try {
    await work.result;
  } catch (error) {
    if (!isInterruption(error) || error.reason !== 'cancel') throw error;
  }
  return endFailure(here);
}

async function endRequested(here: Here): Promise<Failure> {
  await here.effects.waitFor(() => isToEnd(here));
  return endFailure(here);
}

function endFailure(here: Here): Failure {
  return here.state.control.cancel === null ? backedOut : cancelFailure(here);
}

const backedOut: Failure = { code: 'BACKED_OUT', message: 'Cannot finish the run: it was asked to back out' };

function cancelFailure(here: Here): Failure {
  const by = here.state.control.cancel?.actor ?? 'engine';
  return { code: 'CANCELLED', message: `Cannot finish the run: cancelled by ${by}` };
}

/** Waiting for its place and its locks is part of a run's time: nothing of it may wait for ever. */
function workUntilTimeout(here: Here): Promise<Failure | null> {
  const { timeoutMs } = here.input.program;
  const until = timeoutMs === undefined ? null : here.state.passStartedAt + timeoutMs;
  return withDeadline<Failure | null>(until, here, { body: work, expired: (failure) => failure });
}

async function work(here: Here): Promise<Failure | null> {
  const { program } = here.input;
  const refused = await takePlace(program.concurrency, here);
  if (refused !== null) return refused;
  await takeLocks(program.locks, 'run', here);
  return here.runSteps(program.steps, here);
}

/** The runbook's `onFailure`; a cancel undoes unless it says `keep`. R-ROLL-9: after a point of no return people decide. */
async function decideWhatNow(here: Here): Promise<void> {
  const { state, input } = here;
  const policy = input.check ? 'stop' : policyOf(here);
  // Nothing has changed: that is the state to go back to.
  if (policy === 'stop' && isBackOut(here) && !state.undoGivenUp) state.wasUndone = true;
  if (policy !== 'ask') state.stage = policy === 'undo' ? 'undoing' : 'finally';
  else await askWhatNow(here);
}

function policyOf({ state, input }: Here): 'stop' | 'undo' | 'ask' {
  const { cancel, backOut } = state.control;
  if (cancel?.keep === true || state.undoGivenUp) return 'stop';
  if (isBackOut({ state }) && state.noReturn) return 'ask';
  const policy = cancel === null && !backOut ? input.program.onFailure : 'undo';
  if (policy === 'undo' && !state.undo.some(hasChanged)) return 'stop';
  return policy === 'undo' && state.noReturn ? 'ask' : policy;
}

/** D8: a cancel that comes after it says more. */
function isBackOut({ state: { control } }: Pick<Here, 'state'>): boolean {
  return control.backOut && control.cancel === null;
}

async function askWhatNow(here: Here): Promise<void> {
  const { state } = here;
  const { cancel, backOut } = state.control;
  const question = whatNow(here);
  const choice = await race<string>(here.effects, [
    async (effects) => (await ask(question, within(here, { effects }))).choice,
    async (effects) => {
      const { control } = state;
      await effects.waitFor(() => cancel === null && (control.cancel !== null || (!backOut && control.backOut)));
      return 'ended';
    },
  ]);
  if (choice === 'ended') state.failure = endFailure(here);
  else if (choice === 'retry') goOn(here);
  else state.stage = choice === 'undo' ? 'undoing' : 'finally';
}

function whatNow(here: Here): Question {
  const { failure, control } = here.state;
  const title = isBackOut(here)
    ? 'The run is to be backed out, and is past its point of no return'
    : `The run failed: ${failure?.message ?? ''}`;
  const options = [...(control.cancel === null ? ['retry'] : []), 'undo', 'stop'];
  return engineQuestion({ kind: 'failure', path: failure?.step ?? 'run', title, options }, here);
}

function goOn({ state, effects }: Here): void {
  state.stage = 'steps';
  state.control.backOut = false;
  state.passStartedAt = effects.now();
}

/** R-ROLL-9: whoever undoes a run from outside does not know what it is past, unless it is a person. */
async function mayUndo(here: Here): Promise<boolean> {
  const { state, input } = here;
  if (!state.noReturn || input.resume?.undo !== true || input.resume.by !== 'engine') return true;
  const title = 'The run is to be undone, and is past its point of no return';
  const question = engineQuestion({ kind: 'failure', path: 'run', title, options: ['undo', 'stop'] }, here);
  const { choice } = await ask(question, here);
  // That was the question: entered again, it is not asked once more.
  if (choice === 'undo') state.noReturn = false;
  else {
    state.failure = { code: 'UNDO_REFUSED', message: 'Cannot undo the run: it is past its point of no return' };
    state.stage = 'closed';
  }
  return choice === 'undo';
}

/** Nothing cancels it. */
async function undoEverything(here: Here): Promise<void> {
  const { state, effects } = here;
  const hadChanges = state.undo.some(hasChanged);
  const result = await effects.shield((shielded) => undoAll(within(here, { effects: shielded, cleanup: true })));
  state.wasUndone = result === 'done';
  if (state.wasUndone && hadChanges) startOver(state);
  const isOfClosedRun = here.input.resume?.undo === true;
  state.stage = isOfClosedRun ? 'closed' : 'finally';
}

/** `finally` sees how the run ended; its own failure makes a success a failure. */
async function cleanUp(here: Here): Promise<void> {
  const { state, input, effects } = here;
  state.outcome = outcomeOf(here);
  const failure = await effects.shield((shielded) =>
    runSteps(input.program.finally, within(here, { effects: shielded, path: 'finally', cleanup: true })),
  );
  if (failure !== null) state.failure ??= failure;
  state.stage = 'closed';
}

function outcomeOf({ state, input }: Here): RunOutcome {
  if (state.undoGivenUp) return 'undo-failed';
  if (state.control.cancel !== null && state.failure?.code === 'CANCELLED') return 'cancelled';
  if (state.wasUndone) return 'undone';
  if (state.failure !== null) return state.backedOut ? 'undone' : 'failed';
  return input.check ? 'checked' : 'succeeded';
}

async function close(here: Here): Promise<ProcedureResult> {
  const { state, effects, input } = here;
  // D13: what an undo left half done stays protected until a person frees it.
  if (!state.undoGivenUp) await freeAllLocks(here);
  withdrawBelow('', here);
  state.outcome = outcomeOf(here);
  const outputs = await outputsOf(here);
  state.outcome = outcomeOf(here);
  state.life = 'closed';
  state.waits = {};
  const { outcome, degraded, undone, exceptions, failure } = state;
  const { digest } = await effects.lookUp('saveState', { runId: input.run.id, state: plainJson(state) });
  const payload = { outcome, degraded, outputs, error: failure, undone, exceptions, stateDigest: digest };
  effects.record({ key: `run@${state.counters.passes}/do/run.ended`, kind: 'run.ended', payload });
  await effects.flush();
  return { outcome, degraded, outputs, error: failure, stateDigest: digest };
}

/** Nothing was done, and the run has ended as it had before. */
async function closeAgain(refusal: Failure, here: Here): Promise<ProcedureResult> {
  const { state, input, effects } = here;
  state.refusal = null;
  state.life = 'closed';
  const { outcome, degraded, undone, exceptions } = state;
  const outputs = await outputsOf(here);
  const { digest } = await effects.lookUp('saveState', { runId: input.run.id, state: plainJson(state) });
  const ending = { outcome: outcome ?? 'failed', degraded, outputs, error: refusal };
  const payload = { ...ending, undone, exceptions, stateDigest: digest };
  effects.record({ key: `run@${state.counters.passes}/do/run.ended`, kind: 'run.ended', payload });
  await effects.flush();
  return { ...ending, stateDigest: digest };
}

/** Evaluated for every outcome; what cannot be evaluated is null, and fails a run that had succeeded. */
async function outputsOf(here: Here): Promise<JsonObject> {
  const outputs: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(here.input.program.outputs)) {
    const rendered = ofItsType(name, await render(value, readsOf(value), here), here);
    outputs[name] = rendered.ok ? rendered.value : null;
    if (!rendered.ok && here.state.outcome === 'succeeded')
      here.state.failure ??= { ...rendered.failure, step: `outputs.${name}` };
  }
  return outputs;
}

/** Null stands for what was not reached: an output is evaluated for every outcome. */
function ofItsType(name: string, rendered: Rendered, here: Here): Rendered {
  const rule = here.input.program.outputTypes?.[name];
  if (!rendered.ok || rendered.value === null || rule === undefined) return rendered;
  const accepted = acceptValue(rendered.value, rule);
  if (accepted.ok) return accepted;
  return {
    ok: false,
    failure: { code: 'OUTPUT_INVALID', message: `Cannot give the output "${name}": ${accepted.reason}` },
  };
}

/** An output may read any step; its text says which. */
function readsOf(value: unknown): Reads {
  const steps = [...JSON.stringify(value).matchAll(/\bsteps\.([A-Za-z]\w*)/g)].map((match) => match[1] ?? '');
  return { names: ['inputs', 'vars', 'run', 'inventory'], steps: [...new Set(steps)], hostSteps: [] };
}

/** The state is JSON by construction; an interface has no index signature to prove it with. */
function plainJson(state: RunState): Json {
  const json: Json = JSON.parse(JSON.stringify(state));
  return json;
}
