import type { Store } from '../../platform/store/store';
import { stepPath } from '../../workflows/domain/effect-path';
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
      record[id] = guardedRecord(byHost.get(name) ?? skippedRow(request, id, name));
    }
  }
  return records;
}

/** The nearest step of that id: beside the one that asks, then further out, then inside a group of the same body. */
async function rowsOfStep(
  store: Store,
  request: OperationRequest,
  { id, names }: { readonly id: string; readonly names: readonly string[] },
): Promise<readonly HostRow[]> {
  const containers = stepPath(request.path).split('/').slice(0, -1);
  for (let depth = containers.length; depth > 0; depth--) {
    const step = [...containers.slice(0, depth), id].join('/');
    const rows = await store.views.hosts(request.runId, { step, hosts: names });
    if (rows.length > 0) return rows;
  }
  const all = await store.views.hosts(request.runId, { hosts: names });
  return all.filter((row) => row.step.endsWith(`/${id}`));
}

/** A step that was not reached has the record of a skipped one. */
function skippedRow(request: OperationRequest, id: string, host: string): HostRow {
  return {
    path: id,
    step: id,
    host,
    delegate: null,
    phase: 'do',
    generation: request.generation,
    status: 'skipped',
    changed: false,
    exitCode: null,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    error: null,
    captured: {},
    output: null,
  };
}
