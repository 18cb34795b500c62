import { joinPath } from '../../../domain/effect-path';
import type { Failure } from '../../../domain/failure';
import { isInterruption } from '../../../effects';
import { ask, engineQuestion } from '../../ask';
import { delegateCount, failureAt, firstFailure, newBatch, positionsOf, raise, replaceAt, runBatch } from '../../batch';
import type { BatchSpec } from '../../batch';
import type { Here } from '../../here';
import { inWorker } from '../../in-worker';
import { countsOf, recordStepEnded, recordStepStarted } from '../../journal';
import type { StepOccurrence } from '../../journal';
import type { OperationPlan, Step } from '../../plan';
import { render } from '../../scope';
import type { BatchWork, FailedAt, Walk } from '../../state';
import { clearance, isKept } from '../../steering';
import { isUndoable, mergeTouched, touchedBy } from '../../undo-stack';
import { noteTolerated } from '../../tolerated';
import { choiceFor, namesOf } from '../../unknown';
import { durationOf } from '../wait/run';
import type { Rollout } from './rollout';
import { indexOf } from './rollout';
import { templateOf } from './template';

/** A body step on the hosts of a group that are still in it. */
export interface Leaf {
  readonly rollout: Rollout;
  readonly walk: Walk;
  readonly step: Step;
  readonly order: number;
  /** Positions in the rollout. */
  readonly hosts: readonly number[];
}

/** Carries the step out on all of them at once, and notes in the walk who failed and who nobody knows about. */
export async function runLeaf(leaf: Leaf, here: Here): Promise<void> {
  const { walk, order } = leaf;
  if (leaf.step.kind === 'wait') await waitInBody(leaf, here);
  else await runOnHosts(leaf, here);
  leaf.rollout.work.last = Math.max(leaf.rollout.work.last, walk.leaf?.generation ?? 0);
  walk.leaf = null;
  walk.cursor = order + 1;
}

async function runOnHosts(leaf: Leaf, here: Here): Promise<void> {
  const { walk, rollout } = leaf;
  const indices = leaf.hosts.map((position) => indexOf(rollout.work.targets, position));
  const spec = specOf(leaf, here);
  const about = occurrence(leaf, here);
  if (walk.leaf === null) {
    walk.leaf = newBatch(indices, walk.generation, here.effects.now());
    walk.begun ||= leaf.step.kind === 'task' && leaf.step.operation.effect !== 'read';
    recordStepStarted(here, about, leaf.hosts.length);
  }
  const work = walk.leaf;
  try {
    await runBatch(work, spec, here);
    if (leaf.step.onFailure === 'ask') await askAboutFailed(leaf, { work, spec }, here);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') interrupted(leaf, work, here);
    throw error;
  }
  note(leaf, work);
  markTouched(leaf, work, here);
  recordEnd(about, work, here);
}

/** Killed by a cancel or by the host deadline: what had ended counts, the rest is cancelled. */
function interrupted(leaf: Leaf, work: BatchWork, here: Here): void {
  markTouched(leaf, work, here);
  note(leaf, work);
  recordEnd(occurrence(leaf, here), work, here);
  leaf.rollout.work.last = Math.max(leaf.rollout.work.last, work.generation);
  leaf.walk.leaf = null;
}

function note({ walk, hosts, order }: Leaf, work: BatchWork): void {
  for (const [at, position] of hosts.entries()) {
    const code = work.statuses[at] ?? 'u';
    if (code === 's' || code === 'k') continue;
    const failure = failureAt(work.failures, at) ?? (code === 'c' || code === 'n' ? cancelled : unexplained);
    const failed: FailedAt = { order, code: failure.code, message: failure.message };
    if (code === 'u') walk.unknown[position] = failed;
    markOut(walk, position, failed);
  }
}

/** It is behind all of them, without having been begun. */
export function failLeaf({ walk, order, hosts }: Leaf, failure: Failure): void {
  for (const position of hosts) markOut(walk, position, { order, ...failure });
  walk.cursor = order + 1;
}

function markOut(walk: Walk, position: number, failed: FailedAt): void {
  walk.out[position] = [...(walk.out[position] ?? []), failed.order];
  if (walk.unknown[position] === undefined) walk.origin[position] ??= failed;
}

const cancelled: Failure = { code: 'CANCELLED', message: 'Cannot finish the step: it was cancelled' };
const unexplained: Failure = { code: 'OPERATION_FAILED', message: 'Cannot tell why the step failed' };

function markTouched({ rollout, step, hosts }: Leaf, work: BatchWork, here: Here): void {
  if (rollout.entry === null || step.kind !== 'task' || !isUndoable(step, here)) return;
  const touched = touchedBy(step, work);
  if (!touched.includes('1')) return;
  const positions = hosts.filter((_, at) => touched[at] === '1');
  const before = rollout.entry.touched[step.at] ?? '0'.repeat(rollout.work.total);
  rollout.entry.touched[step.at] = mergeTouched(before, replaceAt('0'.repeat(rollout.work.total), positions, '1'));
}

function recordEnd(about: StepOccurrence, work: BatchWork, here: Here): void {
  recordStepEnded(here, about, {
    status: statusOfAll(work.statuses),
    rescued: false,
    attempts: work.attempts,
    startedAt: work.startedAt,
    error: firstFailure(work.failures),
    counts: countsOf(work.statuses),
    digest: work.digest,
    outputs: {},
  });
}

function statusOfAll(statuses: string): 'succeeded' | 'failed' | 'cancelled' | 'unknown' | 'skipped' {
  if (statuses.includes('f') || statuses.includes('n')) return 'failed';
  if (statuses.includes('u')) return 'unknown';
  if (statuses.includes('c')) return 'cancelled';
  return statuses.includes('s') ? 'succeeded' : 'skipped';
}

function occurrence({ step, walk }: Leaf, here: Here): StepOccurrence {
  return { step, path: joinPath(here.path, step.id), phase: 'do', generation: walk.generation, group: walk.group };
}

function specOf({ step, rollout, hosts, walk }: Leaf, here: Here): BatchSpec {
  const isTask = step.kind === 'task';
  const delegate = isTask && step.where.on === 'body' ? step.where.delegate : undefined;
  return {
    operation: operationOf(step),
    at: step.at,
    path: templateOf(rollout.path, joinPath(here.path, step.id).slice(rollout.path.length + 1), delegate !== undefined),
    phase: 'do',
    reads: step.reads,
    set: rollout.step.set,
    parallel: Math.max(1, hosts.length),
    maxFailures: null,
    retry: isTask ? step.retry : null,
    poll: isTask ? (step.poll ?? null) : null,
    clear: (at, inner) => clearanceInWalk(walk, at, inner),
    delegates: delegateCount(delegate?.set ?? null, here),
  };
}

function operationOf(step: Step): OperationPlan {
  if (step.kind === 'task') return step.operation;
  return inWorker(step.kind === 'assert' ? 'assert' : 'set');
}

async function waitInBody({ step, walk, hosts, order }: Leaf, here: Here): Promise<void> {
  if (step.kind !== 'wait' || !('for' in step.wait) || here.input.check) return;
  if (walk.waitUntil === null) {
    const rendered = await render(step.wait.for, step.reads, here);
    const ms = rendered.ok ? durationOf(rendered.value) : null;
    if (ms === null) {
      for (const position of hosts)
        markOut(walk, position, { order, code: 'WAIT_INVALID', message: 'Cannot wait: not a duration' });
      return;
    }
    walk.waitUntil = here.effects.now() + ms;
  }
  await here.effects.waitFor(() => false, walk.waitUntil);
  walk.waitUntil = null;
}

/** In the middle of a group only a hard hold and the cutoff count (D8); the deadline of its hosts stands still meanwhile. */
export async function clearanceInWalk(walk: Walk, path: string, here: Here): Promise<void> {
  if (isKept('inside', here)) stopDeadline(walk, here);
  await clearance('inside', path, here);
  resumeDeadline(walk, here);
}

/** The deadline of a host is for its work, not for what it is kept waiting for. */
function stopDeadline(walk: Walk, { effects }: Here): void {
  if (walk.deadlineAt !== null) walk.remainingMs = walk.deadlineAt - effects.now();
  walk.deadlineAt = null;
}

function resumeDeadline(walk: Walk, { effects }: Here): void {
  walk.deadlineAt ??= effects.now() + walk.remainingMs;
}

async function askAboutFailed(leaf: Leaf, batch: { work: BatchWork; spec: BatchSpec }, here: Here): Promise<void> {
  const { work, spec } = batch;
  const { walk } = leaf;
  for (let failed = positionsOf(work.statuses, 'f'); failed.length > 0; failed = positionsOf(work.statuses, 'f')) {
    const names = await namesOf(
      leaf.rollout.step.set,
      failed.map((at) => work.hosts?.[at] ?? at),
      here,
    );
    const path = joinPath(here.path, leaf.step.id);
    const title = `Step "${path}" failed on ${names.length === 1 ? names[0] : `${names.length} hosts`}: ${firstFailure(work.failures)?.message ?? ''}`;
    stopDeadline(walk, here);
    const decision = await ask(
      engineQuestion({ kind: 'failure', path, title, options: ['retry', 'continue', 'fail'], hosts: names }, here),
      here,
    );
    resumeDeadline(walk, here);
    const where = (choice: string): readonly number[] =>
      failed.filter((_, at) => choiceFor(decision, names[at]) === choice);
    work.statuses = replaceAt(work.statuses, where('continue'), 'k');
    if (where('continue').length > 0) noteTolerated(path, [], here.state);
    if (where('retry').length === 0) return;
    work.statuses = replaceAt(work.statuses, where('retry'), '.');
    work.generation = raise(here.state, work.generation);
    work.attempts += 1;
    work.retryAt = here.effects.now();
    await runBatch(work, spec, here);
  }
}
