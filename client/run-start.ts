import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { Scope } from '../workflows/domain/authorization';
import { canonicalJson } from '../workflows/domain/canonical-json';
import type { JournalEntry } from '../workflows/domain/journal';
import type { ResumeRequest, RunIdentity, RunInput } from '../workflows/runbook/messages';
import type { Plan } from '../workflows/runbook/plan';
import { hashPlan, planBytes } from '../definitions/plan-hash';
import type { RunRow, Store } from '../platform/store/store';
import { hostsOfPlan } from '../platform/store/planned-hosts';
import { hasCode } from '../platform/system-error';
import { RequestError } from './api/errors';
import type { StartRequest } from './engine';
import type { EngineDependencies } from './engine-dependencies';
import { bareHash, parsePlan, sha256 } from '../activities/plans/plan-bundle';
import { publishedAs } from '../activities/plans/plan-scope';
import { withOwnLabels } from '../workflows/domain/scope';
import { streamOf } from '../workflows/domain/streams';
import { newRunId } from './run-identity';

/** Marks a run of `run --check` in its labels, so that it can be started again after a crash. */
const checkLabel = 'mainstay/check';

/**
 * Starts a run.
 *
 * - B1 Blobs, plan and `run.created` in one transaction, then the workflow: what a later step names is always there, and a start
 *   that is cut off leaves nothing behind.
 * - B2 A crash after `run.created` leaves a pending run, which `startPending` starts.
 * - B3 The same idempotency key gives the same run id, and so at most one run.
 */
export async function startRun(dependencies: EngineDependencies, request: StartRequest): Promise<RunRow> {
  const { store } = dependencies;
  const planDigest = verifiedDigest(request);
  const installation = await store.installation();
  const runId = newRunId(installation.id, request.idempotencyKey);
  const known = request.idempotencyKey === undefined ? null : await store.views.run(runId);
  if (known !== null) return sameRun(dependencies, known, { request, planDigest });
  await checkBlobs(store, request);
  const number = await store.nextRunNumber();
  const createdAt = dependencies.now();
  const scope = await scopeOfStart(dependencies, request);
  const hosts = await hostsOfPlan(async (digest) => request.blobs[digest] ?? store.blobs.get(digest), request.plan);
  const created = createdEntry(request, { number, planDigest, createdAt, scope, hosts });
  const twin = await appendCreated(store, runId, { created, request });
  if (twin !== null) return sameRun(dependencies, twin, { request, planDigest });
  const run: RunIdentity = {
    installation: installation.id,
    id: runId,
    number,
    requester: request.requester,
    createdAt,
    parent: null,
  };
  // Somebody else may have started the same run in between: that is what was wanted.
  await dependencies.gateway.start(runInput(request.plan, { run, planDigest, check: request.check === true }), 'once');
  return requireRun(store, runId);
}

/** Starts every run that was journaled but whose workflow never began: after a crash between the two, or without a server. */
export async function startPending(dependencies: EngineDependencies): Promise<number> {
  const { store } = dependencies;
  const pending = await store.views.runs({ state: 'pending', parent: null, limit: 1_000 });
  for (const row of pending) await startAgain(dependencies, row);
  return pending.length;
}

/** A new execution of a run that has ended, under the same workflow id, going on from its stored state (D14). */
export async function startResumed(
  dependencies: EngineDependencies,
  row: RunRow,
  resume: ResumeRequest,
): Promise<void> {
  const { stateDigest } = row;
  if (stateDigest === null)
    throw new RequestError('NOTHING_TO_RESUME', `Cannot resume run ${row.number}: it stored no state`);
  const input = await storedInput(dependencies, row);
  await startOverClosing(dependencies, { ...input, stateDigest, resume });
}

/** An approval is given to the hash: a plan that says another one than its content has is none that anybody may run. */
function verifiedDigest({ expect, plan }: StartRequest): string {
  const { planHash, planDigest } = hashPlan(plan);
  if (planHash !== plan.planHash) {
    throw new RequestError(
      'PLAN_INVALID',
      `Cannot start the run: the plan says ${plan.planHash}, its content has ${planHash}`,
    );
  }
  if (expect === undefined || bareHash(expect) === bareHash(plan.planHash)) return planDigest;
  throw new RequestError('PLAN_CHANGED', `Cannot start the run: the plan is ${plan.planHash}, expected ${expect}`, {
    detail: { expected: expect, found: plan.planHash },
  });
}

async function sameRun(
  dependencies: EngineDependencies,
  known: RunRow,
  { request, planDigest }: { readonly request: StartRequest; readonly planDigest: string },
): Promise<RunRow> {
  const other = otherIn(known, request, planDigest);
  if (other !== null) {
    throw new RequestError(
      'IDEMPOTENCY_CONFLICT',
      `Cannot start the run: its idempotency key belongs to run ${known.number} with ${other}`,
    );
  }
  if (known.state === 'pending') await startAgain(dependencies, known);
  return requireRun(dependencies.store, known.id);
}

function otherIn(known: RunRow, request: StartRequest, planDigest: string): string | null {
  if (known.planDigest !== planDigest) return 'another plan';
  if (known.requester !== request.requester) return 'another requester';
  return canonicalJson(known.labels) === canonicalJson(labelsOf(request)) ? null : 'other labels';
}

async function checkBlobs(store: Store, request: StartRequest): Promise<void> {
  for (const [digest, bytes] of Object.entries(request.blobs)) {
    if (sha256(bytes) !== digest)
      throw new RequestError('PLAN_INVALID', `Cannot start the run: blob ${digest} has other content`);
  }
  for (const shard of Object.values(request.plan.targetSets).flatMap((set) => set.shards)) {
    if (!(shard in request.blobs) && (await store.blobs.get(shard)) === null) {
      throw new RequestError('BLOB_MISSING', `Cannot start the run: host shard ${shard} is missing`);
    }
  }
}

/** Null, or the run that the same request has created since it was looked for: it was sent twice at once (B3). */
async function appendCreated(
  store: Store,
  runId: string,
  { created, request }: { readonly created: JournalEntry<'run.created'>; readonly request: StartRequest },
): Promise<RunRow | null> {
  const blobs = [...Object.values(request.blobs), planBytes(request.plan)];
  try {
    await store.journal.append(streamOf(runId), [created], blobs);
    return null;
  } catch (error) {
    if (!hasCode(error, 'JOURNAL_CONFLICT')) throw error;
    return requireRun(store, runId);
  }
}

/** A plan that somebody brings may have been made for any hosts: only of its runbook something can be known. */
async function scopeOfStart(
  dependencies: EngineDependencies,
  { plan, scope, labels = {} }: StartRequest,
): Promise<Scope> {
  const made = scope ?? (await publishedAs(dependencies.store, plan.program.definition));
  if (Object.keys(labels).length === 0) return made;
  return withOwnLabels(made, labels, await dependencies.labels.now(dependencies.now()));
}

interface Created {
  readonly number: number;
  readonly planDigest: string;
  readonly createdAt: number;
  readonly scope: Scope;
  readonly hosts: readonly string[];
}

function createdEntry(request: StartRequest, created: Created): JournalEntry<'run.created'> {
  const { plan, requester } = request;
  const { name, version, digest, title, owner } = plan.program.definition;
  return {
    key: 'run.created',
    kind: 'run.created',
    at: created.createdAt,
    actor: requester,
    via: request.via,
    payload: {
      number: created.number,
      definition: { name, version, digest, title, owner },
      planHash: plan.planHash,
      planDigest: created.planDigest,
      requester,
      inputs: plan.program.inputs,
      parent: null,
      labels: labelsOf(request),
      scope: created.scope,
      ...(created.hosts.length === 0 ? {} : { hosts: created.hosts }),
    },
  };
}

function labelsOf({ labels, check }: StartRequest): { readonly [name: string]: string } {
  return { ...labels, ...(check === true ? { [checkLabel]: 'true' } : {}) };
}

interface InputParts {
  readonly run: RunIdentity;
  readonly planDigest: string;
  readonly check: boolean;
}

function runInput(plan: Plan, parts: InputParts): RunInput {
  const counts = Object.entries(plan.targetSets).map(([key, set]) => [key, set.count] as const);
  return {
    run: parts.run,
    planHash: plan.planHash,
    planDigest: parts.planDigest,
    targetCounts: Object.fromEntries(counts),
    program: plan.program,
    lateInputs: {},
    check: parts.check,
  };
}

async function startAgain(dependencies: EngineDependencies, row: RunRow): Promise<void> {
  await dependencies.gateway.start(await storedInput(dependencies, row), 'once');
}

/** The input of a run as it was first started, from what the store kept of it. */
async function storedInput(dependencies: EngineDependencies, row: RunRow): Promise<RunInput> {
  const { store } = dependencies;
  const bytes = await store.blobs.get(row.planDigest);
  if (bytes === null)
    throw new RequestError('PLAN_INVALID', `Cannot start run ${row.number} again: its plan is not in the store`);
  const { id: installation } = await store.installation();
  const { id, number, requester, createdAt, parent } = row;
  const run: RunIdentity = { installation, id, number, requester, createdAt, parent };
  return runInput(parsePlan(bytes), { run, planDigest: row.planDigest, check: await wasCheck(store, row) });
}

const Labelled = z.object({ labels: z.record(z.string(), z.string()) });

async function wasCheck(store: Store, row: RunRow): Promise<boolean> {
  const [created] = await store.journal.read(streamOf(row.id), { limit: 1 });
  const labels = Labelled.safeParse(JSON.parse(created?.payload ?? 'null'));
  return labels.success && labels.data.labels[checkLabel] === 'true';
}

/** `run.ended` is journaled a moment before the execution closes: a resume in that moment waits for it. */
async function startOverClosing({ gateway }: EngineDependencies, input: RunInput): Promise<void> {
  for (let tries = 0; tries < closingTries; tries += 1) {
    if ((await gateway.start(input, 'again')) === 'started') return;
    await sleep(closingPauseMs);
  }
  throw new RequestError('RUN_OPEN', `Cannot resume run ${input.run.number}: its last execution has not ended`);
}

const closingTries = 50;
const closingPauseMs = 100;

async function requireRun(store: Store, runId: string): Promise<RunRow> {
  const row = await store.views.run(runId);
  if (row === null) throw new RequestError('RUN_NOT_FOUND', `Cannot find run "${runId}": no such run`);
  return row;
}
