import type { RunRow, Store } from '../platform/store/store';
import { isKeeperId, isOperationId } from '../workflows/domain/backup-ids';
import { isChangeId } from '../workflows/domain/change-ids';
import { RequestError } from './api/errors';
import { requireOperation } from './backup-act';
import { requireChange } from './change-open';

/** What has a journal of its own. */
export interface Journaled {
  readonly id: string;
  /** For a file: `run-7`, `change-12`, `drill-b0123456789ab`, `keeper-k0123456789ab`. */
  readonly name: string;
}

/** `CHG-12`, and ids of changes, backup operations and keepers; every other reference is that of a run. */
export async function requireJournaled(store: Store, reference: string): Promise<Journaled> {
  if (/^CHG-/i.test(reference) || isChangeId(reference)) {
    const { id, number } = await requireChange(store, reference);
    return { id, name: `change-${number}` };
  }
  if (isOperationId(reference)) {
    const { id, kind } = await requireOperation(store, reference);
    return { id, name: `${kind}-${id}` };
  }
  const keeper = isKeeperId(reference) ? await keeperOf(store, reference) : null;
  if (keeper !== null) return keeper;
  const run = await requireRun(store, reference);
  return { id: run.id, name: `run-${run.number}` };
}

export async function requireRun(store: Store, reference: string): Promise<RunRow> {
  const run = await store.views.findRun(reference);
  if (run === null) throw unknownRun(reference);
  return run;
}

export function unknownRun(reference: string): RequestError {
  return new RequestError('RUN_NOT_FOUND', `Cannot find run "${reference}": no such run, or more than one`);
}

async function keeperOf({ backups }: Store, reference: string): Promise<Journaled | null> {
  const plan = (await backups.plans()).find(({ id }) => id === reference);
  return plan === undefined ? null : { id: plan.id, name: `keeper-${plan.id}` };
}

/** `CHG-12`, `run 7`, `drill of shop`, by id; what nobody knows is not among them. */
export async function namesOf(store: Store, ids: readonly string[]): Promise<{ readonly [id: string]: string }> {
  const names: { [id: string]: string } = {};
  for (const id of new Set(ids)) {
    const name = await nameOf(store, id);
    if (name !== null) names[id] = name;
  }
  return names;
}

async function nameOf(store: Store, id: string): Promise<string | null> {
  if (isChangeId(id)) {
    const change = await store.changes.get(id);
    return change === null ? null : `CHG-${change.number}`;
  }
  if (isOperationId(id)) {
    const operation = await store.backups.operation(id);
    return operation === null ? null : `${operation.kind} of ${operation.plan}`;
  }
  if (isKeeperId(id)) {
    const plan = (await store.backups.plans()).find((row) => row.id === id);
    return plan === undefined ? null : `backups of ${plan.name}`;
  }
  const run = await store.views.run(id);
  return run === null ? null : `run ${run.number}`;
}
