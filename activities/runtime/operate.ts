import { setTimeout as delay } from 'node:timers/promises';

import { SecretError } from '../../platform/secrets';
import { messageOf } from '../../platform/system-error';
import { isRepeatable } from '../../workflows/domain/effect-class';
import { effectKey, stepPath } from '../../workflows/domain/effect-path';
import type { EffectIdentity, Phase } from '../../workflows/domain/effect-path';
import type { Failure } from '../../workflows/domain/failure';
import type { Scope } from '../../workflows/domain/value';
import type { OperationPlan } from '../../workflows/runbook/plan';
import type { OperationContext, OperationImplementation, OperationResult } from '../connector';
import { dispatchKey, dispatchOf } from './batch';
import type { Batch, Dispatch, Unit } from './batch';
import { Mask } from './masking';
import { openSink } from './open-sink';
import { secretsCaptured, withoutDigests } from './secret-sink';
import { renderCall } from './render-call';
import type { RenderedCall } from './render-call';

/** One call of an operation at one place: what is done, and under which name. */
export interface Operate {
  readonly operation: OperationPlan;
  readonly unit: Unit;
  readonly path: string;
  readonly phase: Phase;
  readonly scope: Scope;
}

export interface Operated {
  readonly result: OperationResult;
  /** Hides every secret that the call was given. */
  readonly mask: Mask;
}

/** How often infrastructure may lose a call that the connector itself throws out of. */
const patientAttempts = 5;
const repeatDelayMs = 500;
const noMask = new Mask([]);

/** Renders and carries out one call. What the target did, and what was wrong with the input, is a value; trouble of the worker is thrown. */
export async function operate(batch: Batch, asked: Operate): Promise<Operated> {
  const implementation = implementationOf(batch, asked.operation.name);
  if (implementation === null) {
    const message = `Cannot perform "${asked.operation.name}": this worker does not know it`;
    return { result: notDone({ code: 'OPERATION_UNKNOWN', message }), mask: noMask };
  }
  const rendered = await renderCall(batch, asked);
  if (!rendered.ok) return { result: notDone(rendered.failure), mask: noMask };
  const { call } = rendered;
  const result = await repeatAmbiguous(batch, asked, () => performOnce(batch, asked, { implementation, call }));
  const mask = new Mask([...call.secrets, ...secretsCaptured(asked.operation, result)]);
  return { result: masked(withoutDigests(asked.operation, result), mask), mask };
}

export function implementationOf(batch: Batch, operation: string): OperationImplementation | null {
  const [connector = '', name = ''] = operation.split('.');
  return batch.deps.connectors[connector]?.operations[name] ?? null;
}

/** What a repeat does not harm is repeated until it is known or its time is over; anything else stays unknown. */
async function repeatAmbiguous(
  batch: Batch,
  { operation }: Operate,
  perform: () => Promise<OperationResult>,
): Promise<OperationResult> {
  const deadlineAt = Date.now() + operation.timeoutMs;
  const repeatable = ['read', 'idempotent', 'keyed'].includes(operation.effect);
  for (let pauseMs = repeatDelayMs; ; pauseMs *= 2) {
    const result = await perform();
    if (result.status !== 'unknown' || !repeatable) return result;
    if (Date.now() + pauseMs >= deadlineAt) {
      // A new generation would carry another key, so it is not the same effect for the target: only people can tell.
      return operation.effect === 'keyed' ? result : { ...result, status: 'failed' };
    }
    await delay(pauseMs, undefined, { signal: batch.signal });
  }
}

interface Prepared {
  readonly implementation: OperationImplementation;
  readonly call: RenderedCall;
}

async function performOnce(batch: Batch, asked: Operate, prepared: Prepared): Promise<OperationResult> {
  const { implementation, call } = prepared;
  const { sink, close } = openSink(batch, asked, call.secrets);
  try {
    const result = await implementation.perform(call.input, contextOf(batch, asked, { call, sink }));
    return await close(result);
  } catch (error) {
    await close(null);
    if (batch.signal.aborted) throw error;
    return thrown(batch, asked.operation, error);
  }
}

/** A connector that throws is trouble of the worker: Temporal repeats it, but not for ever. */
function thrown(batch: Batch, { name, effect }: OperationPlan, error: unknown): OperationResult {
  if (isZodError(error)) {
    const message = `Cannot perform "${name}": its input is not what it accepts: ${messageOf(error)}`;
    return notDone({ code: 'INPUT_INVALID', message });
  }
  if (error instanceof SecretError) return notDone({ code: error.code, message: error.message });
  if (batch.attempt < patientAttempts) throw error;
  const failure = { code: 'CONNECTOR_FAILED', message: `Cannot perform "${name}": ${messageOf(error)}` };
  return { ...notDone(failure), status: isRepeatable(effect) ? 'failed' : 'unknown' };
}

function isZodError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'ZodError';
}

/** Also what `cancel` is told: a job is ended under the same name as it was started. */
export function contextOf(
  batch: Batch,
  asked: Operate,
  { call, sink }: { readonly call: RenderedCall; readonly sink: OperationContext['output'] },
): OperationContext {
  const { installation, runId, generation } = batch.request;
  const identity: EffectIdentity = { installation, run: runId, path: asked.path, generation, phase: asked.phase };
  const key = effectKey(identity);
  return {
    identity,
    key,
    idempotencyKey: key,
    ...(call.host === null ? {} : { host: call.host }),
    ...(call.connection === null ? {} : { connection: call.connection }),
    timeoutMs: asked.operation.timeoutMs,
    signal: batch.signal,
    output: sink,
    fences: batch.fences,
    earlier: batch.dispatches.get(asked.path) ?? null,
    repeatable: isRepeatable(asked.operation.effect),
    dispatched: (ids) => dispatched(batch, asked, ids),
    async blob(digest) {
      const bytes = await batch.deps.store.blobs.get(digest);
      if (bytes === null) throw new Error(`Cannot load the file ${digest}: the store does not hold it`);
      return bytes;
    },
  };
}

async function dispatched(batch: Batch, asked: Operate, ids: Dispatch): Promise<Dispatch | null> {
  const earlier = batch.dispatches.get(asked.path);
  if (earlier !== undefined) return earlier;
  return recordDispatch(batch, asked, ids);
}

/** Written ahead of the effect (D3). Answers what another attempt had recorded first. */
export async function recordDispatch(
  batch: Batch,
  { path, phase, unit }: Pick<Operate, 'path' | 'phase' | 'unit'>,
  ids: Dispatch,
): Promise<Dispatch | null> {
  const { generation } = batch.request;
  const host = (unit.delegate ?? unit.host)?.name ?? '';
  const payload = {
    path,
    step: stepPath(batch.request.path),
    host,
    phase,
    generation,
    rootId: ids.rootId,
    bootId: ids.bootId,
  };
  const key = dispatchKey({ generation, phase }, path);
  const entry = { key, kind: 'host.dispatched', at: Date.now(), actor: 'engine', via: 'worker', payload } as const;
  const standing = await batch.writer.write(entry, 'now');
  return standing === null || standing.payload === null ? null : dispatchOf(standing.payload);
}

/** Nothing was sent anywhere. */
export function notDone(error: Failure): OperationResult {
  const now = Date.now();
  return { status: 'failed', result: {}, changed: false, error, startedAt: now, endedAt: now };
}

/** The message of a failure may quote what was sent; the result is masked where it is kept, so that `pass` sees it as it is. */
function masked(result: OperationResult, mask: Mask): OperationResult {
  if (result.error === undefined || mask.isEmpty) return result;
  return { ...result, error: { ...result.error, message: mask.text(result.error.message) } };
}
