import type { Store } from '../../platform/store/store';
import { stepPath } from '../../workflows/domain/effect-path';
import { skippedRow } from '../../workflows/domain/host-row';
import type { HostRow } from '../../workflows/domain/journal';
import type { JsonObject } from '../../workflows/domain/json';
import type { OperationRequest } from '../../workflows/domain/operation';
import { guardedRecord } from './guarded-record';
import type { PlannedCall } from './plan-index';

interface Asked {
  readonly call: PlannedCall;
  readonly names: readonly string[];
}

/** Records of body steps that this call's expressions read, for each host, by step id (`host.steps.x`). */
export async function hostRecords(
  store: Store,
  request: OperationRequest,
  { call, names }: Asked,
): Promise<ReadonlyMap<string, JsonObject>> {
  const records = new Map<string, { [id: string]: JsonObject }>(names.map((name) => [name, {}]));
  for (const id of call.reads.hostSteps) {
    const rows = await rowsOfStep(store, request, { id, names });
    const byHost = new Map(rows.filter((row) => row.phase === 'do').map((row) => [row.host, row]));
    for (const [name, record] of records) {
      record[id] = guardedRecord(
        byHost.get(name) ?? skippedRow({ step: id, host: name, generation: request.generation }),
      );
    }
  }
  return records;
}

/** The nearest step of that id: beside the one that asks, then further out, then inside a group of the same body. */
export async function rowsOfStep(
  store: Store,
  request: OperationRequest,
  { id, names }: { readonly id: string; readonly names?: readonly string[] },
): Promise<readonly HostRow[]> {
  const hosts = names === undefined ? {} : { hosts: names };
  const containers = stepPath(request.path).split('/').slice(0, -1);
  for (let depth = containers.length; depth >= 0; depth--) {
    const step = [...containers.slice(0, depth), id].join('/');
    const rows = await store.views.hosts(request.runId, { step, ...hosts });
    if (rows.length > 0) return rows;
  }
  const all = await store.views.hosts(request.runId, hosts);
  const own = all.filter((row) => row.step.endsWith(`/${id}`));
  // Each item of a loop has its own: the one that shares most of the way is meant.
  let most = 0;
  for (const { step } of own) most = Math.max(most, sharedParts(step, request.path));
  return own.filter(({ step }) => sharedParts(step, request.path) === most);
}

function sharedParts(step: string, path: string): number {
  const [one, other] = [step, stepPath(path)].map((whole) => whole.split('/'));
  const parting = (one ?? []).findIndex((part, index) => part !== other?.[index]);
  return parting < 0 ? (one?.length ?? 0) : parting;
}
