import type { Store } from '../platform/store/store';
import { isChangeId } from '../workflows/domain/change-ids';
import { RequestError } from './api/errors';
import { requireChange } from './change-open';

/** What has a journal of its own. */
export interface Journaled {
  readonly id: string;
  readonly kind: 'run' | 'change';
  readonly number: number;
}

/** `CHG-12` and ids of changes; every other reference is that of a run. */
export async function requireJournaled(store: Store, reference: string): Promise<Journaled> {
  if (/^CHG-/i.test(reference) || isChangeId(reference)) {
    const { id, number } = await requireChange(store, reference);
    return { id, kind: 'change', number };
  }
  const run = await store.views.findRun(reference);
  if (run === null)
    throw new RequestError('RUN_NOT_FOUND', `Cannot find run "${reference}": no such run, or more than one`);
  return { id: run.id, kind: 'run', number: run.number };
}

/** `CHG-12`, `run 7`, by id; what nobody knows is not among them. */
export async function namesOf(store: Store, ids: readonly string[]): Promise<{ readonly [id: string]: string }> {
  const names: { [id: string]: string } = {};
  for (const id of new Set(ids)) {
    const row = isChangeId(id) ? await store.changes.get(id) : await store.views.run(id);
    if (row !== null) names[id] = isChangeId(id) ? `CHG-${row.number}` : `run ${row.number}`;
  }
  return names;
}
