import { stepPath } from '../domain/effect-path';
import { delegateCount, firstFailure, newBatch, replaceAt, runBatch } from './batch';
import type { BatchSpec } from './batch';
import type { Here } from './here';
import { countsOf, recordStepEnded, recordStepStarted } from './journal';
import type { StepOccurrence } from './journal';
import type { SeatLimits } from '../domain/seats';
import type { Value } from '../domain/value';
import { inWorker } from './in-worker';
import type { OperationPlan, Reads, Step, TaskStep } from './plan';
import type { BatchWork, UndoEntry } from './state';
import { render } from './scope';
import { durationOf } from './steps/wait/run';
import { seatForUndo, unseatUndone } from './undo-seats';
import { settleUnknown } from './unknown';

/** How targets are taken back: the steps that changed them, in the order of running. */
export interface HostUndo {
  readonly entry: UndoEntry;
  readonly leaves: readonly UndoLeaf[];
  /** Null: the worker is the only target. */
  readonly set: string | null;
  readonly parallel: number;
  /** Of the redundancy groups that the targets are in. */
  readonly limits?: SeatLimits;
}

export interface UndoLeaf {
  readonly step: TaskStep;
  /** Path of the step that is undone. */
  readonly template: string;
  /** Target set of the delegates. */
  readonly delegates: string | null;
}

/**
 * Takes targets back, as many at once as when going forward, step by step in reverse. A failed undo stops that target only: it is
 * noted in the entry, and the caller asks. What is undone is struck out as it happens, so entering again goes on.
 */
export async function undoHosts(about: HostUndo, positions: readonly number[], here: Here): Promise<void> {
  for (let rest = positions; rest.length > 0;) {
    const group = about.limits === undefined ? rest.slice(0, about.parallel) : await seatForUndo(about, rest, here);
    if (group.length === 0) return;
    rest = rest.filter((position) => !group.includes(position));
    for (const leaf of about.leaves.toReversed()) {
      await here.effects.checkpoint();
      const pending = pendingIn(about.entry, leaf, group);
      await undoLeaf(about, { leaf, positions: pending, group: (group[0] ?? 0) + 1 }, here);
    }
    await unseatUndone(about, group, here);
  }
}

function pendingIn(entry: UndoEntry, { step }: UndoLeaf, group: readonly number[]): readonly number[] {
  return group.filter((position) => entry.touched[step.at]?.[position] === '1' && entry.failed[position] === undefined);
}

interface LeafUndo {
  readonly leaf: UndoLeaf;
  /** Groups that go back are named by their first host. */
  readonly group: number;
  readonly positions: readonly number[];
}

async function undoLeaf(about: HostUndo, { leaf, positions, group }: LeafUndo, here: Here): Promise<void> {
  const { entry } = about;
  let going = positions;
  for (const operation of operationsOf(leaf)) {
    if (going.length === 0) return;
    if ('wait' in operation) {
      await waitBetween(operation, here);
      continue;
    }
    const work = await carryOut(about, { leaf, positions: going, group, operation }, here);
    const failed = going.filter((_, at) => work.statuses[at] !== 's' && work.statuses[at] !== 'k');
    for (const position of failed) entry.failed[position] = leaf.step.at;
    going = going.filter((position) => !failed.includes(position));
    entry.batch = null;
  }
  entry.touched[leaf.step.at] = replaceAt(entry.touched[leaf.step.at] ?? '', going, '0');
  noteUndone(leaf, going, here);
}

function noteUndone({ template }: UndoLeaf, positions: readonly number[], { state }: Here): void {
  const path = stepPath(template);
  if (positions.length > 0 && !state.undone.includes(path)) state.undone = [...state.undone, path];
}

interface UndoOperation {
  readonly operation: OperationPlan;
  readonly at: string;
  readonly suffix: string;
  readonly reads: Reads;
}

interface UndoWait {
  readonly wait: Value;
  readonly reads: Reads;
}

async function waitBetween({ wait, reads }: UndoWait, here: Here): Promise<void> {
  const rendered = await render(wait, reads, here);
  await here.effects.sleep(rendered.ok ? (durationOf(rendered.value) ?? 0) : 0);
}

/** One operation, or the operations of a group of undo steps. */
function operationsOf({ step }: UndoLeaf): readonly (UndoOperation | UndoWait)[] {
  const { undo } = step;
  if (undo === undefined || undo.kind === 'none') return [];
  if (undo.kind === 'operation') return [{ operation: undo.operation, at: undo.at, suffix: '', reads: undo.reads }];
  return undo.steps.flatMap((inner) => flatten(inner, ''));
}

function flatten(step: Step, path: string): readonly (UndoOperation | UndoWait)[] {
  const { at, reads } = step;
  const suffix = `${path}/${step.id}`;
  switch (step.kind) {
    case 'group':
      return step.steps.flatMap((inner) => flatten(inner, suffix));
    case 'task':
      return [{ operation: step.operation, at, suffix, reads }];
    case 'assert':
    case 'set':
      return [{ operation: inWorker(step.kind), at, suffix, reads }];
    case 'wait':
      return 'for' in step.wait ? [{ wait: step.wait.for, reads }] : [];
    case 'runbook':
    case 'approval':
    case 'manual':
    case 'parallel':
    case 'forEach':
    case 'switch':
    case 'rollout':
      return [];
  }
}

/** Whether hosts can carry these steps out one by one; what cannot is done once, for all of them. */
export function isForHosts(steps: readonly Step[]): boolean {
  return steps.every((step) => {
    if (step.kind === 'group') return isForHosts(step.steps);
    if (step.kind === 'wait') return 'for' in step.wait;
    return step.kind === 'task' || step.kind === 'assert' || step.kind === 'set';
  });
}

async function carryOut(
  about: HostUndo,
  part: LeafUndo & { operation: UndoOperation },
  here: Here,
): Promise<BatchWork> {
  const { entry } = about;
  const { leaf, operation, positions } = part;
  const known = entry.batch;
  const isSame = known !== null && known.at === operation.at && known.positions.join() === positions.join();
  const hosts = about.set === null ? null : positions.map((position) => entry.hosts?.[position] ?? position);
  const work = isSame ? known.work : newBatch(hosts, entry.generation, here.effects.now());
  const occurrence = {
    step: leaf.step,
    path: stepPath(leaf.template),
    phase: 'undo',
    generation: entry.generation,
    group: about.set === null ? null : part.group,
  } as const;
  if (!isSame) recordStepStarted(here, occurrence, positions.length);
  entry.batch = { at: operation.at, positions, work };
  const spec = specOf(about, part, here);
  await runBatch(work, spec, here);
  await settleUnknown(work, spec, here);
  entry.generation = Math.max(entry.generation, work.generation);
  recordUndone(occurrence, work, here);
  return work;
}

function recordUndone(occurrence: StepOccurrence, work: BatchWork, here: Here): void {
  const error = firstFailure(work.failures);
  recordStepEnded(here, occurrence, {
    status: work.statuses.includes('f') ? 'failed' : 'undone',
    rescued: false,
    attempts: work.attempts,
    startedAt: work.startedAt,
    error,
    counts: work.hosts === null ? null : countsOf(work.statuses),
    digest: work.digest,
    outputs: {},
  });
}

function specOf(about: HostUndo, part: LeafUndo & { operation: UndoOperation }, here: Here): BatchSpec {
  const { leaf, operation, positions } = part;
  return {
    operation: operation.operation,
    at: operation.at,
    path: operation.suffix === '' ? leaf.template : withSuffix(leaf.template, operation.suffix),
    phase: 'undo',
    reads: operation.reads,
    set: about.set,
    parallel: Math.max(1, positions.length),
    maxFailures: null,
    retry: null,
    poll: null,
    clear: null,
    delegates: delegateCount(leaf.delegates, here),
  };
}

function withSuffix(template: string, suffix: string): string {
  const delegate = '/delegate:*';
  return template.endsWith(delegate)
    ? `${template.slice(0, -delegate.length)}${suffix}${delegate}`
    : `${template}${suffix}`;
}
