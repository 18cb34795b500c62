import { joinPath, segment } from '../domain/effect-path';
import { ask, engineQuestion } from './ask';
import type { Question } from './ask';
import { raise, replaceAt } from './batch';
import { within } from './here';
import type { Here } from './here';
import { stepAt } from './program';
import type { RolloutStep, RunbookStep, Step, TaskStep } from './plan';
import type { UndoEntry, UndoProblem } from './state';
import { newGate, runGate } from './steps/rollout/gate';
import { hostUndoOf } from './steps/rollout/rollout';
import { noteEnd, startChild } from './steps/runbook/run';
import { undoElsewhere, undoneElsewhere } from './undo-elsewhere';
import { isForHosts, undoHosts } from './undo-hosts';
import { hasChanged } from './undo-stack';
import { namesOf } from './unknown';
import { plannedWaves } from '../domain/waves';

export type UndoResult = 'done' | 'given-up';

/** R-ROLL-8, D13: everything that changed, newest first; an undo that is given up leaves all that is older as it is. */
export async function undoAll(here: Here): Promise<UndoResult> {
  const { state } = here;
  for (let entry = state.undo.at(-1); entry !== undefined; entry = state.undo.at(-1)) {
    if ((await undoEntry(entry, here)) === 'given-up') return 'given-up';
  }
  return 'done';
}

/** One entry to its end: what fails is asked about until it is undone, skipped, or given up. */
export async function undoEntry(entry: UndoEntry, here: Here): Promise<UndoResult> {
  const step = stepAt(here.input.program, entry.at);
  const inside = within(here, { path: entry.container, scope: entry.scope, cleanup: true });
  for (;;) {
    // Entered again while people are asked, nothing is tried once more behind their back.
    const problem = entry.problem ?? (step === null ? null : await undoStep(step, entry, inside));
    if (problem === null) break;
    entry.problem = problem;
    const { choice } = await ask(undoQuestion(entry, problem, inside), inside);
    delete entry.problem;
    if (choice === 'give-up') {
      here.state.undoGivenUp = true;
      return 'given-up';
    }
    if (choice === 'skip' && !skipFailed(entry)) break;
    entry.failed = {};
    entry.gate = null;
    entry.order = null;
    entry.generation = raise(here.state, entry.generation);
  }
  here.state.undo = here.state.undo.filter((other) => other !== entry);
  return 'done';
}

/** R-ROLL-8: nothing is more urgent than what stands between its old state and its new one. */
export function undoQuestion({ path }: UndoEntry, problem: UndoProblem, here: Here): Question {
  const options = ['retry', 'skip', 'give-up'];
  return engineQuestion({ kind: 'undo-failed', path, options, priority: 1, ...problem }, here);
}

/** Strikes out just the undo that failed, for those hosts; false: there is nothing else to undo. */
export function skipFailed(entry: UndoEntry): boolean {
  const failed = Object.entries(entry.failed);
  for (const [position, at] of failed) entry.touched[at] = replaceAt(entry.touched[at] ?? '', [Number(position)], '0');
  return failed.length > 0;
}

/** Null: undone. */
async function undoStep(step: Step, entry: UndoEntry, here: Here): Promise<UndoProblem | null> {
  switch (step.kind) {
    case 'task':
      return undoTask(step, entry, here);
    case 'rollout':
      return undoRollout(step, entry, here);
    case 'runbook':
      return undoChild(step, entry, here);
    case 'approval':
    case 'manual':
    case 'wait':
    case 'assert':
    case 'set':
    case 'parallel':
    case 'forEach':
    case 'switch':
    case 'group':
      return null;
  }
}

async function undoTask(step: TaskStep, entry: UndoEntry, here: Here): Promise<UndoProblem | null> {
  const { where, undo } = step;
  if (undo?.kind === 'steps' && (where.on !== 'hosts' || !isForHosts(undo.steps))) {
    const failure = await here.runSteps(undo.steps, within(here, { path: joinPath(entry.path, 'undo') }));
    if (failure === null) here.state.undone = [...here.state.undone, entry.path];
    return failure === null ? null : { title: `Undo of "${entry.path}" failed: ${failure.message}`, hosts: [] };
  }
  const elsewhere = undoneElsewhere(step);
  if (elsewhere !== null) {
    const why = await undoElsewhere(step, { undo: elsewhere, entry }, here);
    return why === null ? null : { title: `Undo of "${entry.path}" failed: ${why}`, hosts: [] };
  }
  const onHosts = where.on === 'hosts';
  const template = onHosts ? joinPath(entry.path, 'host:*') : entry.path;
  const about = {
    entry,
    leaves: [{ step, template, delegates: null }],
    set: onHosts ? where.set : null,
    parallel: onHosts ? where.parallel : 1,
  };
  await undoHosts(about, orderOf(entry), here);
  return problemOf(entry, onHosts ? where.set : null, here);
}

/** The newest wave first; afterwards the gate says whether the old state is a good one. */
async function undoRollout(step: RolloutStep, entry: UndoEntry, here: Here): Promise<UndoProblem | null> {
  const about = hostUndoOf(step, entry.path, entry);
  const touched = orderOf(entry);
  const total = entry.hosts?.length ?? here.input.targetCounts[step.set] ?? 0;
  for (const wave of plannedWaves(step, total, entry.hosts).toReversed()) {
    await undoHosts(
      about,
      touched.filter((position) => position >= wave.start && position < wave.end).toReversed(),
      here,
    );
  }
  const problem = await problemOf(entry, step.set, here);
  return problem !== null || !hasChanged(entry) ? problem : gateProblem(step, entry, here);
}

async function gateProblem(step: RolloutStep, entry: UndoEntry, here: Here): Promise<UndoProblem | null> {
  const gate = step.undoGate ?? step.gate;
  if (gate.length === 0) return null;
  entry.gate ??= newGate(entry.generation);
  const path = joinPath(entry.path, segment('wave', 'undo'));
  const { verdict, message } = await runGate(gate, { path, wave: 0, progress: entry.gate }, here);
  return verdict === 'successful'
    ? null
    : { title: `After the undo of "${entry.path}" its gate is ${verdict}: ${message}`, hosts: [] };
}

async function undoChild(step: RunbookStep, entry: UndoEntry, here: Here): Promise<UndoProblem | null> {
  if (entry.childId === undefined) return null;
  if (entry.begun !== true) beginUndo(entry, entry.childId, here);
  const { resume } = here.input;
  const request = { by: resume?.undo === true ? resume.by : 'engine', undo: true };
  const child = {
    path: entry.path,
    childId: entry.childId,
    program: step.program,
    inputs: {},
    undo: true,
    again: { after: entry.endedWith ?? null, request },
  };
  const outcome = await startChild(child, entry.generation, here);
  noteEnd(entry, outcome);
  if (outcome.outcome === 'undone' || outcome.outcome === 'succeeded') {
    here.state.undone = [...here.state.undone, entry.path];
    return null;
  }
  return { title: `Undo of the run "${entry.childId}" ended ${outcome.outcome}`, hosts: [] };
}

/** What the child reported when it was cancelled would be taken for the end of its undo. */
function beginUndo(entry: UndoEntry, childId: string, { state }: Here): void {
  const reported = state.children[childId];
  if (reported !== undefined) noteEnd(entry, reported);
  delete state.children[childId];
  entry.begun = true;
}

/** Decided once for a pass: groups must not shift while hosts are struck out. */
function orderOf(entry: UndoEntry): readonly number[] {
  entry.order ??= touchedPositions(entry);
  return entry.order;
}

function touchedPositions(entry: UndoEntry): readonly number[] {
  const positions = new Set<number>();
  for (const flags of Object.values(entry.touched)) {
    for (const [position, flag] of flags.split('').entries()) if (flag === '1') positions.add(position);
  }
  return [...positions].sort((a, b) => a - b);
}

export async function problemOf(entry: UndoEntry, set: string | null, here: Here): Promise<UndoProblem | null> {
  const failed = Object.keys(entry.failed).map(Number);
  if (failed.length === 0) return null;
  const hosts =
    set === null
      ? []
      : await namesOf(
          set,
          failed.map((position) => entry.hosts?.[position] ?? position),
          here,
        );
  return { title: `Undo of "${entry.path}" failed${hosts.length === 0 ? '' : ` on ${hosts.join(', ')}`}`, hosts };
}
