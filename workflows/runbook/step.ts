import { joinPath } from '../domain/effect-path';
import type { Failure } from '../domain/failure';
import { isJsonObject } from '../domain/json-shape';
import type { JsonObject } from '../domain/json';
import { isInterruption } from '../effects';
import { approve } from './approve';
import { ask, engineQuestion } from './ask';
import { raise, replaceAt } from './batch';
import { within } from './here';
import type { Here, Opened } from './here';
import { countsOf, recordStepEnded, recordStepStarted } from './journal';
import type { StepOccurrence } from './journal';
import { hostLocksOf, takeLocks } from './locks';
import type { Step } from './plan';
import { ended, errorRecord, failedEnd, keepRecord, recordOf, skippedRecord } from './records';
import type { StepEnd } from './records';
import { evaluate } from './scope';
import type { Frame, RunState, Work } from './state';
import { clearance, tell } from './steering';
import { runByKind } from './steps/runners';
import { forgetTolerated, noteTolerated } from './tolerated';
import { withDeadline } from './time-limit';

/**
 * One step, from its condition to its record. The order of what follows a failure is the language's: retry (in the runner), rescue,
 * `onFailure`; whatever is left is the container's to deal with. Null: go on with the next.
 */
export async function runStep(step: Step, here: Here): Promise<Failure | null> {
  const path = joinPath(here.path, step.id);
  const opened = { path, frame: openFrame(path, here) };
  // What is under way is gone into without a boundary: a cancel must reach the jobs that a suspension left running.
  if (opened.frame.stage === 'new' || opened.frame.stage === 'permitted') {
    await here.effects.checkpoint();
    await clearance('step', path, here);
    const refused = await start(step, opened, here);
    if (refused !== null && refused.status !== 'failed') return conclude(step, opened, { here, end: refused });
  }
  try {
    return conclude(step, opened, { here, end: await attempt(step, opened, here) });
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') abandon(step, opened, here);
    throw error;
  }
}

/** ST2: what failed is entered again with the next generation. */
function openFrame(path: string, { state, effects }: Here): Frame {
  const known = state.frames[path];
  if (known === undefined || known.stage === 'ended') forgetTolerated(state, (each) => each === path);
  if (known === undefined) {
    const frame: Frame = {
      generation: state.floor,
      startedAt: effects.now(),
      attempts: 1,
      stage: 'new',
      status: null,
      error: null,
      refused: false,
      work: null,
    };
    state.frames[path] = frame;
    return frame;
  }
  if (known.stage === 'ended') reopen(path, known, state);
  return known;
}

function reopen(path: string, frame: Frame, state: RunState): void {
  forgetRescue(state, path);
  frame.generation = Math.max(state.floor, raise(state, frame.generation));
  frame.stage = 'new';
  frame.refused = false;
  frame.status = null;
  frame.error = null;
  frame.attempts += 1;
  frame.work = frame.work === null ? null : reopenedWork(frame.work, frame.generation);
}

/** What ended well stays done; a target that nobody knows about is asked for before anything runs on it again. */
function reopenedWork(work: Work, generation: number): Work | null {
  switch (work.kind) {
    case 'batch': {
      const again = work.statuses.split('').flatMap((code, position) => ('fcn'.includes(code) ? [position] : []));
      return { ...work, generation, attempts: 1, retryAt: null, statuses: replaceAt(work.statuses, again, '.') };
    }
    case 'branches':
      return { ...work, done: work.done.replaceAll('f', '.') };
    case 'loop':
      return { ...work, statuses: work.statuses.replaceAll(/[fcn]/g, '.') };
    case 'rollout':
    case 'case':
      return work;
    case 'wait':
      return null;
    case 'child':
      return { ...work, again: { after: work.endedWith ?? null, begun: false } };
  }
}

/** Null: start it. */
async function mayStart(step: Step, opened: Opened, here: Here): Promise<StepEnd | null> {
  const { path, frame } = opened;
  const refused = frame.stage === 'new' ? await permit(step, path, here) : null;
  if (refused !== null) return refused;
  // An approval is asked for once, also when the locks are still to be waited for.
  frame.stage = 'permitted';
  await takeLocks(await lockNames(step, here), path, here);
  // People, and whoever held the locks, may have taken their time.
  await clearance('step', path, here);
  frame.startedAt = here.effects.now();
  return null;
}

async function lockNames(step: Step, here: Here): Promise<readonly string[]> {
  if (step.hostLocks !== true || step.kind !== 'task' || step.where.on !== 'hosts') return step.locks ?? [];
  const { set } = step.where;
  const indices = Array.from({ length: here.input.targetCounts[set] ?? 0 }, (_, index) => index);
  return [...new Set([...(step.locks ?? []), ...(await hostLocksOf(step.at, { set, indices }, here))])];
}

async function permit(step: Step, path: string, here: Here): Promise<StepEnd | null> {
  if (step.if !== undefined && !step.if.perHost) {
    const condition = await evaluate(step.if.expression, step.reads, here);
    if (!condition.ok) return here.input.check ? { ...ended, status: 'skipped' } : failedEnd(condition.failure);
    if (condition.value !== true) return { ...ended, status: 'skipped' };
  }
  if (step.pointOfNoReturn !== undefined && !here.input.check) {
    const approval = await approve(step.pointOfNoReturn, { path, reads: step.reads }, here);
    if (!approval.ok) return failedEnd(approval.failure);
    if (approval.decision.choice !== 'approve') return { ...ended, status: 'skipped' };
    here.state.noReturn = true;
    await tell({ fact: { kind: 'noReturn', path }, id: `${path}/no-return` }, here);
  }
  return null;
}

/** Not being allowed to start is a failure like any other: somebody may rescue it. Null: it has begun. */
async function start(step: Step, opened: Opened, here: Here): Promise<StepEnd | null> {
  const { frame } = opened;
  const refused = await mayStart(step, opened, here);
  if (refused !== null && refused.status !== 'failed') return refused;
  begin(step, opened, here);
  frame.refused = refused !== null;
  frame.error = refused?.error ?? null;
  return refused;
}

function begin(step: Step, opened: Opened, here: Here): void {
  opened.frame.stage = 'running';
  recordStepStarted(here, occurrence(step, opened), hostCountOf(step, here));
}

function hostCountOf(step: Step, { input }: Here): number {
  if (step.kind === 'rollout') return input.targetCounts[step.set] ?? 0;
  return step.kind === 'task' && step.where.on === 'hosts' ? (input.targetCounts[step.where.set] ?? 0) : 0;
}

function occurrence(step: Step, { path, frame }: Opened): StepOccurrence {
  return { step, path, phase: 'do', generation: frame.generation, group: null };
}

/** Runner, then rescue, then `onFailure: ask`, which may start it all over. */
async function attempt(step: Step, opened: Opened, here: Here): Promise<StepEnd> {
  const { frame, path } = opened;
  for (;;) {
    const isRunning = frame.stage === 'running' && !frame.refused;
    const end = isRunning ? await runInTime(step, opened, here) : failedEnd(frame.error ?? unexplained);
    if (end.status !== 'failed') return end;
    frame.error = end.error;
    if (frame.stage !== 'asking' && (await rescue(step, opened, here)))
      return { ...end, status: 'succeeded', error: null };
    if (step.onFailure !== 'ask' || here.input.check) return end;
    frame.stage = 'asking';
    const { choice } = await ask(engineQuestion(failureQuestion(path, end), here), here);
    if (choice === 'continue') return { ...end, status: 'succeeded', error: end.error };
    if (choice === 'stop') return end;
    frame.generation = raise(here.state, frame.generation);
    frame.attempts += 1;
    frame.work = frame.work === null ? null : reopenedWork(frame.work, frame.generation);
    forgetRescue(here.state, path);
    frame.startedAt = here.effects.now();
    if (frame.refused) {
      frame.stage = 'new';
      const refused = await start(step, opened, here);
      if (refused !== null && refused.status !== 'failed') return refused;
    } else await beginAgain(step, opened, here);
  }
}

/** Entered again while it is kept from starting, it is one that may start. */
async function beginAgain(step: Step, opened: Opened, here: Here): Promise<void> {
  opened.frame.stage = 'permitted';
  await clearance('step', opened.path, here);
  opened.frame.startedAt = here.effects.now();
  begin(step, opened, here);
}

/** What limits a single operation is in its plan; a container has its limit as a whole. */
function runInTime(step: Step, opened: Opened, here: Here): Promise<StepEnd> {
  const { startedAt } = opened.frame;
  const until = 'timeoutMs' in step && step.timeoutMs !== undefined ? startedAt + step.timeoutMs : null;
  return withDeadline<StepEnd>(until, here, {
    body: (inner) => runByKind(step, opened, inner),
    expired: (failure) => failedEnd(failure),
  });
}

const unexplained: Failure = { code: 'OPERATION_FAILED', message: 'Cannot tell why the step failed' };

function failureQuestion(
  path: string,
  end: StepEnd,
): { kind: 'failure'; path: string; title: string; options: readonly string[] } {
  const why = end.error === null ? '' : `: ${end.error.message}`;
  return { kind: 'failure', path, title: `Step "${path}" failed${why}`, options: ['retry', 'continue', 'stop'] };
}

async function rescue(step: Step, { path, frame }: Opened, here: Here): Promise<boolean> {
  if (step.rescue === undefined || here.input.check) return false;
  frame.stage = 'rescuing';
  const names = { ...here.names, error: errorRecord(frame.error, step.id) };
  const failure = await here.runSteps(step.rescue, within(here, { path: joinPath(path, 'rescue'), names }));
  if (failure === null) return true;
  frame.error = failure;
  return false;
}

/** Without an await: what has ended must not be entered again because a run was suspended in between. */
function conclude(step: Step, opened: Opened, result: { here: Here; end: StepEnd }): Failure | null {
  const { here, end } = result;
  const { frame, path } = opened;
  const tolerated = end.status === 'failed' && step.onFailure === 'continue';
  const endedAt = here.effects.now();
  const attempts = end.attempts ?? frame.attempts;
  const rescued = frame.stage === 'rescuing' && end.status === 'succeeded';
  recordStepEnded(here, occurrence(step, opened), {
    status: end.status,
    rescued,
    attempts,
    startedAt: frame.startedAt,
    error: end.error,
    counts: end.statuses === undefined ? null : countsOf(end.statuses),
    digest: end.digest ?? null,
    outputs: outputsOf(end),
  });
  const record =
    end.status === 'skipped'
      ? skippedRecord
      : recordOf(step, end, { startedAt: frame.startedAt, endedAt, attempts, rescued });
  keepRecord(step, record, { here, path, ...(end.roster === undefined ? {} : { roster: end.roster }) });
  if (tolerated || (end.status === 'succeeded' && end.error !== null)) noteTolerated(path, [], here.state);
  if (end.status !== 'failed' || tolerated) {
    if (here.cleanup || here.state.tolerated[path] === undefined || !goesOn(frame.work)) forgetFrame(here.state, path);
    else retire(frame, path, here.state);
    return null;
  }
  frame.stage = 'ended';
  frame.status = 'failed';
  frame.error = { ...(end.error ?? unexplained), step: end.error?.step ?? step.id };
  return frame.error;
}

function outputsOf(end: StepEnd): JsonObject {
  const { outputs } = end.fields;
  return isJsonObject(outputs) ? outputs : {};
}

/** Another failure is another rescue, from its first step. */
function forgetRescue({ frames, cursors }: RunState, path: string): void {
  const rescue = `${path}/rescue`;
  for (const table of [frames, cursors])
    for (const key of Object.keys(table)) if (key === rescue || key.startsWith(`${rescue}/`)) delete table[key];
}

/** D14: targets that were let pass may be tried again by `resume --from`; what is done on the others stays done. */
function goesOn(work: Work | null): boolean {
  switch (work?.kind) {
    case 'batch':
      return work.hosts !== null;
    case 'rollout':
    case 'loop':
    case 'child':
      return true;
    case 'branches':
    case 'case':
    case 'wait':
    case undefined:
      return false;
  }
}

function retire(frame: Frame, path: string, state: RunState): void {
  frame.stage = 'ended';
  frame.status = 'succeeded';
  forgetRescue(state, path);
  delete state.cursors[path];
}

/** ST1. What ended well is not entered again. */
export function forgetFrame(state: RunState, path: string): void {
  delete state.frames[path];
  for (const key of [path, `${path}/rescue`]) delete state.cursors[key];
}

/** A cancelled step says so; its frame stays for a resume. */
function abandon(step: Step, opened: Opened, here: Here): void {
  const { frame } = opened;
  const error: Failure = { code: 'CANCELLED', message: 'Cannot finish the step: it was cancelled' };
  if (frame.stage !== 'new') {
    recordStepEnded(here, occurrence(step, opened), {
      status: 'cancelled',
      rescued: false,
      attempts: frame.attempts,
      startedAt: frame.startedAt,
      error,
      counts: frame.work?.kind === 'batch' ? countsOf(frame.work.statuses) : null,
      digest: null,
      outputs: {},
    });
  }
  frame.stage = 'ended';
  frame.status = 'cancelled';
}
