import { nextDelayMs } from '../domain/retry';
import type { Phase } from '../domain/effect-path';
import type { Failure } from '../domain/failure';
import type { FailureGroup, OperationReply, OperationRequest } from '../domain/operation';
import { failuresLeft } from '../domain/budget';
import type { Effects, OperationCall } from '../effects';
import { isInterruption } from '../effects';
import type { Here } from './here';
import type { OperationPlan, PollPlan, Reads, RetryPlan } from './plan';
import { scopeOf } from './scope';
import type { BatchWork, RunState } from './state';

/** One operation on a list of targets, as a runner asks for it. */
export interface BatchSpec {
  readonly operation: OperationPlan;
  readonly at: string;
  /** Template with `host:*` where there are hosts. */
  readonly path: string;
  readonly phase: Phase;
  readonly reads: Reads;
  readonly set: string | null;
  readonly parallel: number;
  /** Failures that are tolerated before no further host starts; null: all are started. */
  readonly maxFailures: number | null;
  readonly retry: RetryPlan | null;
  readonly poll: PollPlan | null;
  /** R-WIN-1: waits until another attempt or call may start. Null: it goes back, or verifies, and nothing keeps it. */
  readonly clear: ((path: string, here: Here) => Promise<void>) | null;
  /** Hosts × delegates are sequential on one worker: the time of a batch grows with them. */
  readonly delegates: number;
}

export function newBatch(hosts: readonly number[] | null, generation: number, now: number): BatchWork {
  const size = hosts === null ? 1 : hosts.length;
  return {
    kind: 'batch',
    hosts,
    generation,
    attempts: 1,
    startedAt: now,
    statuses: '.'.repeat(size),
    changed: '0'.repeat(size),
    failures: [],
    record: {},
    digest: null,
    retryAt: null,
  };
}

/**
 * Runs whatever is pending (`.`) until it has ended well, has failed for good, or nobody can tell (`u`). Retries failed targets
 * only, each time with the next generation (D1). Interrupted by a cancel, it kills what it left running and notes how that went.
 */
export async function runBatch(work: BatchWork, spec: BatchSpec, here: Here): Promise<void> {
  try {
    await runAttempts(work, spec, here);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') leavePending(work);
    throw error;
  }
}

async function runAttempts(work: BatchWork, spec: BatchSpec, here: Here): Promise<void> {
  for (;;) {
    if (work.retryAt !== null) {
      await here.effects.waitFor(() => false, work.retryAt);
      await spec.clear?.(spec.path, here);
    }
    work.retryAt = null;
    await callPending(work, spec, here);
    const again = failedToRetry(work, spec, here.effects.now());
    if (again === null) return;
    work.generation = raise(here.state, work.generation);
    work.attempts += 1;
    work.statuses = replaceAt(work.statuses, again.positions, '.');
    work.retryAt = here.effects.now() + again.delayMs;
  }
}

/** What a cancel keeps from starting: a target that waits for another attempt has failed before, the others have not started. */
function leavePending(work: BatchWork): void {
  work.statuses = replaceAt(work.statuses, positionsOf(work.statuses, '.'), idleCode(work));
  work.retryAt = null;
}

function idleCode(work: BatchWork): 'f' | 'n' {
  return work.attempts > 1 ? 'f' : 'n';
}

/** Code of a failure that people decided on. */
export const givenUp = 'GIVEN_UP';

/** The next generation of a path; remembered, so that a resume starts above all of them. */
export function raise(state: RunState, generation: number): number {
  const next = generation + 1;
  state.highest = Math.max(state.highest, next);
  return next;
}

/** Why the first of the failed or unknown targets is so. */
export function firstFailure(failures: readonly FailureGroup[]): Failure | null {
  const first = failures.toSorted((a, b) => (a.positions[0] ?? 0) - (b.positions[0] ?? 0))[0];
  return first === undefined ? null : { code: first.code, message: first.message };
}

export function failureAt(failures: readonly FailureGroup[], position: number): Failure | null {
  const group = failures.find(({ positions }) => positions.includes(position));
  return group === undefined ? null : { code: group.code, message: group.message };
}

export function positionsOf(statuses: string, code: string): readonly number[] {
  const found: number[] = [];
  for (let at = statuses.indexOf(code); at >= 0; at = statuses.indexOf(code, at + 1)) found.push(at);
  return found;
}

export function replaceAt(text: string, positions: readonly number[], char: string): string {
  if (positions.length === 0) return text;
  const chars = text.split('');
  for (const position of positions) chars[position] = char;
  return chars.join('');
}

// ---- one attempt -------------------------------------------------------------------------------------------------------

/** How many calls a host may stand for: one for each of its delegates. */
export function delegateCount(set: string | null, { input }: Here): number {
  return set === null ? 1 : Math.max(1, input.targetCounts[set] ?? 1);
}

const hostsPerCall = 100;

async function callPending(work: BatchWork, spec: BatchSpec, here: Here): Promise<void> {
  const chunks = pendingChunks(work, spec, here);
  if (chunks.length === 0) return;
  const lanes = Math.max(1, Math.min(chunks.length, Math.floor(spec.parallel / hostsPerCall)));
  const queue = [...chunks];
  async function lane(effects: Effects): Promise<void> {
    for (let chunk = queue.shift(); chunk !== undefined; chunk = queue.shift()) {
      if (isSpent(work, spec)) markNotStarted(work, chunk);
      else await callInTime(work, { spec, chunk }, { ...here, effects });
    }
  }
  if (lanes === 1) await lane(here.effects);
  else await here.effects.all(Array.from({ length: lanes }, () => lane));
}

/** Who has been called already comes first, and by itself. Under a deadline a call starts all its hosts at once: none starts later. */
function pendingChunks(work: BatchWork, spec: BatchSpec, here: Here): readonly (readonly number[])[] {
  const pending = positionsOf(work.statuses, '.');
  const below = calledBelow(work);
  const isTimed = spec.clear !== null && here.state.control.cutoffAt !== null;
  const size = isTimed ? Math.max(1, Math.min(spec.parallel, hostsPerCall)) : hostsPerCall;
  return [
    ...chunksOf(
      pending.filter((position) => position < below),
      size,
    ),
    ...chunksOf(
      pending.filter((position) => position >= below),
      size,
    ),
  ];
}

function calledBelow({ called, generation }: BatchWork): number {
  return called?.generation === generation ? called.below : 0;
}

/** The first call begins with its step or its attempt; any other is a beginning of its own. */
async function callInTime(
  work: BatchWork,
  part: { spec: BatchSpec; chunk: readonly number[] },
  here: Here,
): Promise<void> {
  const { spec, chunk } = part;
  const below = calledBelow(work);
  const [first = 0] = chunk;
  if (below > 0 && first >= below) await spec.clear?.(`${spec.path}#${first}`, here);
  work.called = { generation: work.generation, below: Math.max(below, (chunk.at(-1) ?? first) + 1) };
  await callChunk(work, part, here);
}

function isSpent(work: BatchWork, spec: BatchSpec): boolean {
  return spec.maxFailures !== null && harmed(work) > spec.maxFailures;
}

function harmed(work: BatchWork): number {
  return positionsOf(work.statuses, 'f').length + positionsOf(work.statuses, 'u').length;
}

function markNotStarted(work: BatchWork, chunk: readonly number[]): void {
  work.statuses = replaceAt(work.statuses, chunk, 'n');
}

async function callChunk(
  work: BatchWork,
  part: { spec: BatchSpec; chunk: readonly number[] },
  here: Here,
): Promise<void> {
  const call = callOf(work, part, here);
  try {
    applyReply(work, part.chunk, await here.effects.perform(call));
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel')
      await here.effects.shield((effects) => kill(work, { call, chunk: part.chunk }, effects));
    throw error;
  }
}

const killGraceMs = 10_000;

/** D2: an abandoned call leaves its jobs running; killing them is a call of its own, which says what became of each. */
async function kill(
  work: BatchWork,
  part: { call: OperationCall; chunk: readonly number[] },
  effects: Effects,
): Promise<void> {
  const { call, chunk } = part;
  if (call.light) {
    work.statuses = replaceAt(work.statuses, chunk, 'c');
    return;
  }
  const { statuses } = await effects.cancelJobs({ ...call, request: { ...call.request, graceMs: killGraceMs } });
  const chars = work.statuses.split('');
  const changed = work.changed.split('');
  for (const [index, position] of chunk.entries()) {
    const status = statuses[index] ?? 'u';
    chars[position] = status === 'n' ? idleCode(work) : status;
    if (status === 's' && call.effect !== 'read') changed[position] = '1';
  }
  work.statuses = chars.join('');
  work.changed = changed.join('');
}

function callOf(
  work: BatchWork,
  { spec, chunk }: { spec: BatchSpec; chunk: readonly number[] },
  here: Here,
): OperationCall {
  const { run, planDigest, check } = here.input;
  const { hosts } = work;
  const request: OperationRequest = {
    operation: spec.operation.name,
    installation: run.installation,
    runId: run.id,
    planDigest,
    at: spec.at,
    path: spec.path,
    phase: spec.phase,
    generation: work.generation,
    ...(hosts === null || spec.set === null
      ? {}
      : { hosts: { set: spec.set, indices: chunk.map((position) => hosts[position] ?? position) } }),
    parallel: Math.min(spec.parallel, hostsPerCall),
    stopAfterFailures: spec.maxFailures === null ? null : failuresLeft(spec.maxFailures, harmed(work)),
    scope: scopeOf(spec.reads, here),
    ...(check ? { check } : {}),
  };
  const { effect, light } = spec.operation;
  return { request, effect, light, timeoutMs: batchTimeoutMs(spec, chunk.length) };
}

const connectWithinMs = 30_000;
const reserveMs = 60_000;

/** D11: ⌈hosts / parallel⌉ × (max(timeout, poll.within) + connectWithin + kill grace) + reserve. */
function batchTimeoutMs(spec: BatchSpec, hosts: number): number {
  const turns = Math.ceil(hosts / Math.max(1, Math.min(spec.parallel, hostsPerCall))) * Math.max(1, spec.delegates);
  const each = Math.max(spec.operation.timeoutMs, spec.poll?.withinMs ?? 0) + connectWithinMs + killGraceMs;
  return turns * each + reserveMs;
}

function applyReply(work: BatchWork, chunk: readonly number[], reply: OperationReply): void {
  const statuses = work.statuses.split('');
  const changed = work.changed.split('');
  for (const [index, position] of chunk.entries()) {
    statuses[position] = reply.statuses[index] ?? 'u';
    if (reply.changed[index] === '1') changed[position] = '1';
  }
  work.statuses = statuses.join('');
  work.changed = changed.join('');
  const moved = reply.failures.map((group) => ({
    ...group,
    positions: group.positions.map((index) => chunk[index] ?? index),
  }));
  const asked = new Set(chunk);
  work.failures = [
    ...work.failures.map((group) => ({ ...group, positions: group.positions.filter((p) => !asked.has(p)) })),
    ...moved,
  ].filter(({ positions }) => positions.length > 0);
  if (Object.keys(reply.record).length > 0) work.record = reply.record;
  work.digest = reply.digest;
}

function failedToRetry(
  work: BatchWork,
  spec: BatchSpec,
  now: number,
): { positions: readonly number[]; delayMs: number } | null {
  if (spec.retry === null) return null;
  const made = { attempts: work.attempts, firstStartedAt: work.startedAt, now };
  const positions: number[] = [];
  let delayMs = 0;
  for (const position of positionsOf(work.statuses, 'f')) {
    const code = failureAt(work.failures, position)?.code ?? '';
    const delay = code === givenUp ? null : nextDelayMs(spec.retry, made, code);
    if (delay === null) continue;
    positions.push(position);
    delayMs = delay;
  }
  return positions.length === 0 ? null : { positions, delayMs };
}

function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
  return chunks;
}
