import { isRepeatable } from '../../workflows/domain/effect-class';
import { stepPath, segment } from '../../workflows/domain/effect-path';
import type { HostRow } from '../../workflows/domain/journal';
import type { JsonObject } from '../../workflows/domain/json';
import type { OperationRequest } from '../../workflows/domain/operation';
import { groupOfSeat, hostOfSeat } from '../../workflows/domain/seats';
import type { OperationPlan, PlanHost, Where } from '../../workflows/runbook/plan';
import { scopeWithHosts } from '../lookups/rosters';
import type { RuntimeDependencies } from './dependencies';
import { hostRecords } from './host-records';
import { JournalWriter } from './journal-writer';
import { hostStep } from './plan-index';
import type { PlannedCall } from './plan-index';
import { streamOf } from '../../workflows/domain/streams';

/** One request with everything that was loaded for it. */
export interface Batch {
  readonly deps: RuntimeDependencies;
  readonly request: OperationRequest;
  readonly call: PlannedCall;
  readonly targets: readonly Target[];
  /** Rows that an earlier attempt has written, by path. */
  readonly standing: ReadonlyMap<string, HostRow>;
  /** What earlier dispatches have recorded, by path. */
  readonly dispatches: ReadonlyMap<string, Dispatch>;
  /** Records of steps that ran on the same host before, by host name. */
  readonly records: ReadonlyMap<string, JsonObject>;
  readonly fences: { readonly [lock: string]: number };
  /** A job on a host can be asked again for its result; what the worker itself did is known only by its row. */
  readonly leavesJobs: boolean;
  readonly writer: JournalWriter;
  readonly signal: AbortSignal;
  /** How often infrastructure has lost this activity; never part of an identity. */
  readonly attempt: number;
}

export interface Dispatch {
  readonly rootId: string;
  readonly bootId: string;
}

/** One position of the request: a host, its delegates, or the worker. */
export interface Target {
  readonly host: PlanHost | null;
  readonly units: readonly Unit[];
}

/** One effect: a place and the path that names it. */
export interface Unit {
  readonly path: string;
  readonly host: PlanHost | null;
  readonly delegate: PlanHost | null;
}

export interface Attempt {
  readonly signal: AbortSignal;
  readonly number: number;
}

export async function prepareBatch(
  deps: RuntimeDependencies,
  asked: OperationRequest,
  attempt: Attempt,
): Promise<Batch> {
  const call = await deps.plans.call(asked.planDigest, asked.at);
  const { runId, planDigest } = asked;
  const scope = await scopeWithHosts(deps, { runId, planDigest, source: () => JSON.stringify(call) }, asked.scope);
  const request = { ...asked, scope };
  const targets = await targetsOf(deps, request, call);
  const units = targets.flatMap((target) => target.units);
  const names = targets.flatMap(({ host }) => (host === null ? [] : [host.name]));
  const [standing, dispatches, records, fences] = await Promise.all([
    needsHistory(call, request) ? standingRows(deps, request, names) : new Map<string, HostRow>(),
    needsHistory(call, request) ? dispatchesOf(deps, request, units) : new Map<string, Dispatch>(),
    call.reads.hostSteps.length === 0
      ? new Map<string, JsonObject>()
      : hostRecords(deps.store, request, { call, names }),
    fencesOf(deps, request, { call, targets }),
  ]);
  return {
    deps,
    request,
    call,
    targets,
    standing,
    dispatches,
    records,
    fences,
    leavesJobs: performsOn(deps, operationOf(call)) === 'host',
    writer: new JournalWriter(deps.store.journal, streamOf(request.runId)),
    signal: attempt.signal,
    attempt: attempt.number,
  };
}

function performsOn(deps: RuntimeDependencies, operation: OperationPlan | null): 'host' | 'worker' {
  const [connector = '', name = ''] = (operation?.name ?? '').split('.');
  return deps.catalogue[connector]?.operations[name]?.on ?? 'worker';
}

export function operationOf(call: PlannedCall): OperationPlan | null {
  return call.work.kind === 'operation' || call.work.kind === 'sample' ? call.work.operation : null;
}

/** A read on the worker may simply be done again: it is not worth two look-ups. */
function needsHistory(call: PlannedCall, request: OperationRequest): boolean {
  return request.hosts !== undefined || !mayBeRepeated(call);
}

export function mayBeRepeated(call: PlannedCall): boolean {
  return isRepeatable(operationOf(call)?.effect ?? 'read');
}

async function targetsOf(
  deps: RuntimeDependencies,
  request: OperationRequest,
  call: PlannedCall,
): Promise<readonly Target[]> {
  const { hosts: asked, planDigest, path } = request;
  if (asked === undefined) return [{ host: null, units: [{ path, host: null, delegate: null }] }];
  const hosts = await deps.plans.hosts(planDigest, asked.set, asked.indices);
  return Promise.all(
    hosts.map(async (host) => {
      const delegates = await delegatesOf(deps, { planDigest, call, host });
      return { host, units: unitsOf(path, host, delegates) };
    }),
  );
}

/** Null: the step runs on the host itself. */
async function delegatesOf(
  deps: RuntimeDependencies,
  { planDigest, call, host }: { readonly planDigest: string; readonly call: PlannedCall; readonly host: PlanHost },
): Promise<readonly PlanHost[] | null> {
  const where = whereOf(call);
  if (where?.on !== 'body' || where.delegate === undefined) return null;
  const indices = hostStep(host, call).delegates;
  if (indices !== undefined) return deps.plans.hosts(planDigest, where.delegate.set, indices);
  return where.delegate.all ? deps.plans.allHosts(planDigest, where.delegate.set) : [];
}

function whereOf(call: PlannedCall): Where | null {
  return call.work.kind === 'operation' || call.work.kind === 'sample' ? call.work.where : null;
}

function unitsOf(template: string, host: PlanHost, delegates: readonly PlanHost[] | null): readonly Unit[] {
  const path = template.replace('host:*', () => segment('host', host.name));
  if (delegates === null) return [{ path: path.replace('/delegate:*', ''), host, delegate: null }];
  const open = path.includes('delegate:*') ? path : `${path}/delegate:*`;
  return delegates.map((delegate) => ({
    path: open.replace('delegate:*', () => segment('delegate', delegate.name)),
    host,
    delegate,
  }));
}

async function standingRows(
  deps: RuntimeDependencies,
  request: OperationRequest,
  names: readonly string[],
): Promise<ReadonlyMap<string, HostRow>> {
  const hosts = request.hosts === undefined ? [''] : names;
  const rows = await deps.store.views.hosts(request.runId, { step: stepPath(request.path), hosts });
  const same = rows.filter((row) => row.generation === request.generation && row.phase === request.phase);
  return new Map(same.map((row) => [row.path, row]));
}

async function dispatchesOf(
  deps: RuntimeDependencies,
  request: OperationRequest,
  units: readonly Unit[],
): Promise<ReadonlyMap<string, Dispatch>> {
  const paths = new Map(units.map((unit) => [dispatchKey(request, unit.path), unit.path]));
  const found = await deps.store.journal.find(streamOf(request.runId), [...paths.keys()]);
  const dispatches = new Map<string, Dispatch>();
  for (const entry of found) {
    const path = paths.get(entry.key);
    const dispatch = entry.payload === null ? null : dispatchOf(entry.payload);
    if (path !== undefined && dispatch !== null) dispatches.set(path, dispatch);
  }
  return dispatches;
}

export function dispatchOf(payload: string): Dispatch {
  const { rootId, bootId }: Dispatch = JSON.parse(payload);
  return { rootId, bootId };
}

export function dispatchKey(
  { generation, phase }: Pick<OperationRequest, 'generation' | 'phase'>,
  path: string,
): string {
  return `${path}@${generation}/${phase}/host.dispatched`;
}

async function fencesOf(
  deps: RuntimeDependencies,
  { planDigest, runId }: OperationRequest,
  { call, targets }: { readonly call: PlannedCall; readonly targets: readonly Target[] },
): Promise<{ readonly [lock: string]: number }> {
  const { usesLocks } = await deps.plans.load(planDigest);
  const ofHosts = targets.some(({ host }) => host !== null && (hostStep(host, call).locks ?? []).length > 0);
  if ((!usesLocks && !ofHosts) || operationOf(call) === null) return {};
  const held = (await deps.store.locks.list()).filter((lock) => lock.runId === runId && lock.state === 'held');
  const names = new Set(targets.flatMap(({ host }) => host?.name ?? []));
  // A seat is one host's: nobody else needs to know its token.
  const theirs = held.filter(({ name }) => groupOfSeat(name) === null || names.has(hostOfSeat(name)));
  return Object.fromEntries(theirs.map(({ name, token }) => [name, token]));
}
