import { setTimeout as delay } from 'node:timers/promises';

import { evaluateExpression } from '../../workflows/domain/expression';
import { joinPath, segment } from '../../workflows/domain/effect-path';
import { judge, judgeSample } from '../../workflows/domain/outcome';
import type { Judged } from '../../workflows/domain/outcome';
import { secretReferences } from '../../workflows/domain/render';
import { isCaptured } from '../../workflows/domain/secret-reference';
import type { Scope } from '../../workflows/domain/value';
import type { OperationPlan, PollPlan } from '../../workflows/runbook/plan';
import type { OperationResult } from '../connector';
import type { Batch, Unit } from './batch';
import { notDone, operate, recordDispatch } from './operate';
import type { Operated } from './operate';
import type { PlannedWork } from './plan-index';
import { keepSealed } from './captured-secrets';
import { failedBefore, skipped } from './unit-outcome';
import type { UnitOutcome } from './unit-outcome';
import { outcomeOfAssert, outcomeOfSet } from './values';

/** Everything that one place has to go through for one step, apart from being written down. */
export async function runUnit(batch: Batch, unit: Unit, scope: Scope): Promise<UnitOutcome> {
  const { call, request } = batch;
  if (call.condition !== null && request.phase === 'do') {
    const wanted = evaluateExpression(call.condition, scope);
    if (!wanted.ok) return failedBefore(wanted.failure);
    if (wanted.value !== true) return skipped();
  }
  const { work } = call;
  switch (work.kind) {
    case 'assert':
      return outcomeOfAssert(work.step, scope);
    case 'set':
      return outcomeOfSet(work.step, scope);
    case 'sample':
      return runSample(batch, { unit, scope, work });
    case 'operation':
      return runOperation(batch, { unit, scope, work });
  }
}

interface Running<K extends PlannedWork['kind']> {
  readonly unit: Unit;
  readonly scope: Scope;
  readonly work: Extract<PlannedWork, { kind: K }>;
}

async function runSample(batch: Batch, { unit, scope, work }: Running<'sample'>): Promise<UnitOutcome> {
  const { path } = unit;
  const { metric, operation } = work;
  const operated = await operate(batch, { operation, unit, path, phase: batch.request.phase, scope });
  const context = { scope, keeping: keepingOf(batch, operated) };
  const verdict = judgeSample(operated.result, metric, context);
  return outcomeOf({ ...verdict, captured: await keepSealed(batch, path, verdict.captured) }, operated.result);
}

async function runOperation(batch: Batch, running: Running<'operation'>): Promise<UnitOutcome> {
  const { work } = running;
  const forward = batch.request.phase === 'do';
  if (forward && work.probe !== null && !hasStarted(batch, running.unit)) {
    const before = await probe(batch, { ...running, probe: work.probe, name: 'before' });
    if (before.status === 'succeeded') return { ...before, changed: false };
  }
  // What a check does not execute has captured nothing either.
  const isOpen = work.operation.effect !== 'read' || secretReferences(work.operation.input).some(isCaptured);
  if (batch.request.check === true && isOpen) return checkPlace(batch, running);
  const refused = await refuseRepeat(batch, running);
  if (refused !== null) return refused;
  const outcome =
    work.poll === null ? await once(batch, running) : await polled(batch, { ...running, poll: work.poll });
  if (outcome.status !== 'unknown' || work.probe === null || !forward) return outcome;
  const after = await probe(batch, { ...running, probe: work.probe, name: 'after' });
  // The probe tells what the lost answer would have told; a probe that nobody answered tells nothing.
  if (after.status === 'unknown') return outcome;
  return after.status === 'succeeded' ? { ...after, changed: true } : { ...outcome, status: 'failed' };
}

function hasStarted(batch: Batch, unit: Unit): boolean {
  return batch.dispatches.has(unit.path);
}

/**
 * Work of the worker leaves no job behind to attach to. Where a repeat could harm, it is written ahead; found written already, its
 * outcome is unknown.
 */
async function refuseRepeat(batch: Batch, { unit, scope, work }: Running<'operation'>): Promise<UnitOutcome | null> {
  const { operation } = work;
  if (batch.leavesJobs || !['unsafe', 'probed', 'journaled'].includes(operation.effect)) return null;
  const message = `Cannot tell the outcome of "${operation.name}": its worker was lost while it went on`;
  const lost: OperationResult = { ...notDone({ code: 'WORKER_LOST', message }), status: 'unknown', changed: true };
  if (!hasStarted(batch, unit)) {
    await recordDispatch(batch, { path: unit.path, phase: batch.request.phase, unit }, { rootId: '', bootId: '' });
    return null;
  }
  if (work.probe === null || batch.request.phase !== 'do')
    return outcomeOf(judged(batch, { operation, scope }, lost), lost);
  const after = await probe(batch, { unit, scope, work, probe: work.probe, name: 'after' });
  if (after.status === 'unknown') return outcomeOf(judged(batch, { operation, scope }, lost), lost);
  return { ...after, changed: after.status === 'succeeded' };
}

function judged(batch: Batch, asked: { operation: OperationPlan; scope: Scope }, result: OperationResult): Judged {
  const keeping = { mask: (text: string) => text, seal: (text: string) => batch.deps.seal.seal(text) };
  return judge(result, asked.operation, { scope: asked.scope, keeping });
}

async function once(batch: Batch, { unit, scope, work }: Running<'operation'>): Promise<UnitOutcome> {
  const { operation } = work;
  return attempt(batch, { operation, unit, scope, path: unit.path });
}

interface AttemptAsked {
  readonly operation: OperationPlan;
  readonly unit: Unit;
  readonly scope: Scope;
  readonly path: string;
  readonly phase?: 'probe';
}

async function attempt(batch: Batch, asked: AttemptAsked): Promise<UnitOutcome> {
  const operated = await operate(batch, { ...asked, phase: asked.phase ?? batch.request.phase });
  const context = { scope: asked.scope, keeping: keepingOf(batch, operated) };
  const verdict = judge(operated.result, asked.operation, context);
  const captured = await keepSealed(batch, asked.path, verdict.captured);
  return outcomeOf({ ...verdict, captured }, operated.result);
}

interface ProbeAsked extends Running<'operation'> {
  readonly probe: OperationPlan;
  readonly name: 'before' | 'after';
}

function probe(batch: Batch, { unit, scope, probe: operation, name }: ProbeAsked): Promise<UnitOutcome> {
  const path = joinPath(unit.path, segment('sample', name));
  return attempt(batch, { operation, unit, scope, path, phase: 'probe' });
}

/** `run --check`: the place can be reached as the right user, and nothing is done there. */
async function checkPlace(batch: Batch, { unit, scope, work }: Running<'operation'>): Promise<UnitOutcome> {
  const { operation } = work;
  const [connector] = operation.name.split('.');
  if (connector !== 'ssh') return skipped();
  const { pass: _pass, ...rest } = operation;
  const input = { literal: { command: ['true'] } };
  const login: OperationPlan = { ...rest, name: 'ssh.exec', effect: 'read', input };
  const path = joinPath(unit.path, segment('sample', 'check'));
  const reached = await attempt(batch, { operation: login, unit, scope, path, phase: 'probe' });
  return reached.status === 'succeeded' ? skipped() : reached;
}

/** Samples until enough of them pass in a row. A worker that takes over replays the samples of the one before without waiting. */
async function polled(batch: Batch, asked: Running<'operation'> & { readonly poll: PollPlan }): Promise<UnitOutcome> {
  const { unit, scope, work, poll } = asked;
  let inRow = 0;
  let beganAt: number | null = null;
  for (let sample = 1; ; sample++) {
    const path = joinPath(unit.path, segment('sample', sample));
    const outcome = await attempt(batch, { operation: work.operation, unit, scope, path });
    beganAt ??= outcome.startedAt ?? Date.now();
    inRow = outcome.status === 'succeeded' ? inRow + 1 : 0;
    const whole = { ...outcome, startedAt: beganAt };
    if (inRow >= poll.consecutive) return whole;
    const nextAt = beganAt + sample * poll.everyMs;
    if (nextAt > beganAt + poll.withinMs) return expired(whole, poll);
    await delay(Math.max(0, nextAt - Date.now()), undefined, { signal: batch.signal });
  }
}

function expired(last: UnitOutcome, poll: PollPlan): UnitOutcome {
  const found = last.error === null ? 'it did not pass often enough in a row' : last.error.message;
  const message = `Cannot see the step pass within ${poll.withinMs} ms: ${found}`;
  return { ...last, status: 'failed', error: { code: 'POLL_EXPIRED', message } };
}

function keepingOf(
  batch: Batch,
  { mask }: Operated,
): { mask: (text: string) => string; seal: (text: string) => string } {
  return { mask: (text) => mask.text(text), seal: (text) => batch.deps.seal.seal(text) };
}

function outcomeOf(verdict: Judged, result: OperationResult): UnitOutcome {
  const { startedAt, endedAt } = result;
  return { ...verdict, startedAt, endedAt, output: result.output ?? null };
}
