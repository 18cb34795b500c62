import { setTimeout as delay } from 'node:timers/promises';

import { parseDuration } from '../../workflows/domain/duration';
import type { JsonObject } from '../../workflows/domain/json';
import type { ConnectorImplementation, OperationContext, OperationResult } from '../connector';
import { FailInput, SleepInput } from './schema';

export function createCore(): ConnectorImplementation {
  return {
    operations: { echo: { perform: echo }, fail: { perform: fail }, sleep: { perform: sleep } },
    close: () => Promise.resolve(),
  };
}

function echo(input: JsonObject): Promise<OperationResult> {
  const now = Date.now();
  return Promise.resolve({ status: 'succeeded', result: input, changed: false, startedAt: now, endedAt: now });
}

function fail(input: JsonObject, context: OperationContext): Promise<OperationResult> {
  const { code, message, until, unknown } = FailInput.parse(input);
  const now = Date.now();
  const { generation } = context.identity;
  const times = { result: { generation }, changed: false, startedAt: now, endedAt: now };
  if (until !== undefined && generation >= until) return Promise.resolve({ status: 'succeeded', ...times });
  return Promise.resolve({ status: unknown ? 'unknown' : 'failed', ...times, error: { code, message } });
}

async function sleep(input: JsonObject, context: OperationContext): Promise<OperationResult> {
  const startedAt = Date.now();
  const duration = parseDuration(SleepInput.parse(input).for);
  if (duration.kind !== 'ms') {
    const message = `Cannot sleep for "${SleepInput.parse(input).for}": expected a duration such as PT10S`;
    return {
      status: 'failed',
      result: {},
      changed: false,
      startedAt,
      endedAt: startedAt,
      error: { code: 'INPUT_INVALID', message },
    };
  }
  await delay(Math.min(duration.ms, context.timeoutMs), undefined, { signal: context.signal });
  const endedAt = Date.now();
  const times = { result: { sleptMs: endedAt - startedAt }, changed: false, startedAt, endedAt };
  if (duration.ms <= context.timeoutMs) return { status: 'succeeded', ...times };
  const message = `Cannot finish sleeping: ${context.timeoutMs} ms have passed`;
  return { status: 'failed', ...times, error: { code: 'TIMEOUT', message } };
}
