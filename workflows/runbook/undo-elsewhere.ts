import { joinPath } from '../domain/effect-path';
import { firstFailure, newBatch, positionsOf, replaceAt, runBatch } from './batch';
import type { BatchSpec } from './batch';
import type { Here } from './here';
import { recordStepEnded, recordStepStarted } from './journal';
import type { TaskStep, UndoPlan } from './plan';
import type { BatchWork, UndoEntry } from './state';
import { settleUnknown } from './unknown';

type UndoOperation = Extract<UndoPlan, { readonly kind: 'operation' }>;

/** An undo with targets of its own, or on the worker for a step on hosts: done once, for all that the step has changed. */
export function undoneElsewhere({ undo, where }: TaskStep): UndoOperation | null {
  if (undo?.kind !== 'operation' || undo.where.on === 'body' || where.on === 'body') return null;
  if (undo.where.on === 'worker') return where.on === 'worker' || undo.reads.names.includes('host') ? null : undo;
  return where.on === 'hosts' && where.set === undo.where.set ? null : undo;
}

/** Null: undone. What has been undone already on some of its targets is not done again. */
export async function undoElsewhere(
  step: TaskStep,
  about: { readonly undo: UndoOperation; readonly entry: UndoEntry },
  here: Here,
): Promise<string | null> {
  const { undo, entry } = about;
  const occurrence = { step, path: entry.path, phase: 'undo', generation: entry.generation, group: null } as const;
  const work = workOf(undo, entry, here);
  recordStepStarted(here, occurrence, work.hosts?.length ?? 0);
  const spec = specOf(undo, entry.path);
  await runBatch(work, spec, here);
  await settleUnknown(work, spec, here);
  const failure = firstFailure(work.failures);
  const isDone = /^[sk]*$/.test(work.statuses);
  entry.generation = Math.max(entry.generation, work.generation);
  recordStepEnded(here, occurrence, {
    status: isDone ? 'undone' : 'failed',
    rescued: false,
    attempts: work.attempts,
    startedAt: work.startedAt,
    error: failure,
    counts: null,
    digest: work.digest,
    outputs: {},
  });
  if (isDone) here.state.undone = [...here.state.undone, entry.path];
  return isDone ? null : (failure?.message ?? 'it failed');
}

function workOf(undo: UndoOperation, entry: UndoEntry, here: Here): BatchWork {
  const known = entry.batch?.at === undo.at ? entry.batch.work : null;
  if (known !== null && known.generation < entry.generation) {
    const again = [...positionsOf(known.statuses, 'f'), ...positionsOf(known.statuses, 'n')];
    known.statuses = replaceAt(known.statuses, again, '.');
    known.generation = entry.generation;
  }
  if (known !== null) return known;
  const size = undo.where.on === 'hosts' ? (here.input.targetCounts[undo.where.set] ?? 0) : null;
  const hosts = size === null ? null : Array.from({ length: size }, (_, index) => index);
  const work = newBatch(hosts, entry.generation, here.effects.now());
  entry.batch = { at: undo.at, positions: [], work };
  return work;
}

function specOf({ where, operation, at, reads }: UndoOperation, path: string): BatchSpec {
  const onHosts = where.on === 'hosts';
  return {
    operation,
    at,
    path: onHosts ? joinPath(path, 'host:*') : path,
    phase: 'undo',
    reads,
    set: onHosts ? where.set : null,
    parallel: onHosts ? where.parallel : 1,
    maxFailures: null,
    retry: null,
    poll: null,
    clear: null,
    delegates: 1,
  };
}
