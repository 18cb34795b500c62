import type { Store } from '../../platform/store/store';
import type { JsonObject } from '../../workflows/domain/json';
import { rowsNeeded, withHosts } from '../../workflows/domain/roster';
import type { Scope } from '../../workflows/domain/value';
import { guardedRecord } from '../runtime/guarded-record';
import type { Plans } from '../runtime/plans';

interface Asked {
  readonly runId: string;
  readonly planDigest: string;
  /** Text of the expressions that read the scope. */
  source(): string;
}

interface Stored {
  readonly store: Pick<Store, 'views'>;
  readonly plans: Pick<Plans, 'allHosts'>;
}

/** `steps.x.hosts` exists only here: whole records of hosts never enter a workflow (D5). */
export async function scopeWithHosts({ store, plans }: Stored, asked: Asked, scope: Scope): Promise<Scope> {
  if (scope['steps'] === undefined) return scope;
  const { runId, planDigest } = asked;
  const source = asked.source();
  const needed = rowsNeeded(source, scope);
  const names = new Map<string, readonly string[]>();
  for (const set of needed.sets)
    names.set(
      set,
      (await plans.allHosts(planDigest, set)).map(({ name }) => name),
    );
  const records = new Map<string, ReadonlyMap<string, JsonObject>>();
  for (const step of needed.steps) {
    const rows = await store.views.hosts(runId, { step });
    const own = rows.filter(({ phase }) => phase === 'do');
    records.set(step, new Map(own.map((row) => [row.host, guardedRecord(row)])));
  }
  return withHosts(source, scope, { names, records });
}
