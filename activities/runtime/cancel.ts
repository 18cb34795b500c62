import { codeOfStatus } from '../../workflows/domain/host-row';
import type { HostRow } from '../../workflows/domain/journal';
import type { CancelReply, CancelRequest } from '../../workflows/domain/operation';
import type { OperationPlan } from '../../workflows/runbook/plan';
import type { OperationImplementation } from '../connector';
import { operationOf, prepareBatch } from './batch';
import type { Attempt, Batch, Target, Unit } from './batch';
import type { RuntimeDependencies } from './dependencies';
import { scopeOf } from './host-scope';
import { contextOf, implementationOf } from './operate';
import { writeRow } from './perform';
import { inPool } from './pool';
import { renderCall } from './render-call';
import { runUnit } from './unit';
import { cancelled, rowOf, unknown } from './unit-outcome';

/**
 * Ends what a batch left running (D2). A job that had finished on its own has its true row; what was killed, and what nobody can tell
 * about, has a row that says so. What had never started has none.
 */
export async function cancelJobs(
  deps: RuntimeDependencies,
  request: CancelRequest,
  attempt: Attempt,
): Promise<CancelReply> {
  const batch = await prepareBatch(deps, request, attempt);
  const options = { parallel: Math.max(request.parallel, 10), goOn: () => !attempt.signal.aborted };
  const codes = await inPool(batch.targets, options, (target) => cancelTarget(batch, target, request.graceMs));
  attempt.signal.throwIfAborted();
  return { statuses: codes.map((code) => code ?? 'u').join('') };
}

async function cancelTarget(batch: Batch, target: Target, graceMs: number): Promise<string> {
  const rows = await Promise.all(target.units.map((unit) => cancelUnit(batch, unit, graceMs)));
  for (const status of ['unknown', 'cancelled', 'failed', 'succeeded'] as const) {
    if (rows.some((row) => row?.status === status)) return codeOfStatus(status);
  }
  return 'n';
}

/** Null: it had never started. */
async function cancelUnit(batch: Batch, unit: Unit, graceMs: number): Promise<HostRow | null> {
  const standing = batch.standing.get(unit.path);
  if (standing !== undefined) return standing;
  const operation = operationOf(batch.call);
  if (operation === null) return null;
  const implementation = implementationOf(batch, operation.name);
  if (implementation?.cancel === undefined) return cancelOnWorker(batch, unit, operation);
  switch (await cancelOnHost(batch, unit, { operation, implementation, graceMs })) {
    case 'pending':
      return null;
    case 'cancelled':
      return writeRow(batch, rowOf(batch.request, unit, cancelled(operation.effect !== 'read')));
    case 'unknown': {
      const message = `Cannot tell whether "${operation.name}" was ended: the host does not answer for it`;
      return writeRow(batch, rowOf(batch.request, unit, unknown({ code: 'JOB_UNCONFIRMED', message })));
    }
    case 'succeeded':
    case 'failed':
      // Asking for a finished job again reads its result: nothing is started.
      return writeRow(batch, rowOf(batch.request, unit, await runUnit(batch, unit, scopeOf(batch, unit))));
  }
}

/** Work of the worker ends with its activity; where that may have reached the target, nobody can tell. */
async function cancelOnWorker(batch: Batch, unit: Unit, operation: OperationPlan): Promise<HostRow | null> {
  const harmless = operation.effect === 'read';
  if (harmless || !batch.dispatches.has(unit.path)) {
    return writeRow(batch, rowOf(batch.request, unit, cancelled(!harmless)));
  }
  const message = `Cannot tell the outcome of "${operation.name}": it was cancelled while it went on`;
  return writeRow(batch, rowOf(batch.request, unit, unknown({ code: 'OUTCOME_UNKNOWN', message })));
}

interface Cancelling {
  readonly operation: OperationPlan;
  readonly implementation: OperationImplementation;
  readonly graceMs: number;
}

async function cancelOnHost(
  batch: Batch,
  unit: Unit,
  { operation, implementation, graceMs }: Cancelling,
): ReturnType<NonNullable<OperationImplementation['cancel']>> {
  const asked = { operation, unit, path: unit.path, phase: batch.request.phase, scope: scopeOf(batch, unit) };
  const rendered = await renderCall(batch, asked);
  // What cannot be rendered now could not be rendered before: nothing was sent.
  if (!rendered.ok) return batch.dispatches.has(unit.path) ? 'unknown' : 'pending';
  const context = contextOf(batch, asked, { call: rendered.call, sink: { write: () => undefined } });
  const answered = await implementation.cancel?.(rendered.call.input, { ...context, graceMs });
  return answered ?? 'unknown';
}
