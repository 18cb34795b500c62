import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import type { Scope } from '../../workflows/domain/authorization';
import { isKeeperId, isOperationId } from '../../workflows/domain/backup-ids';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import { isChangeId } from '../../workflows/domain/change-ids';
import { uniteScopes } from '../../workflows/domain/scope';
import type { Database, Session } from './database';
import { toJson } from './json';
import { readDocument } from './schema';

/** What grants go by, each written down once: rows name it by number. No fold, for what a number means never changes. */
export interface Scopes {
  list(): Promise<readonly KnownScope[]>;
  /** Of a run, a change, a backup operation or the keeper of a plan; null: nobody knows it. */
  of(processId: string): Promise<KnownScope | null>;
}

export interface KnownScope {
  readonly id: number;
  readonly scope: Scope;
}

export function createScopes(database: Database): Scopes {
  let known: readonly KnownScope[] = [];
  return {
    async list() {
      // By their count, not by the newest: on PostgreSQL a lower number may become visible after a higher one.
      const { count } = await database.query
        .selectFrom('scopes')
        .select(({ fn }) => fn.countAll<number | string>().as('count'))
        .executeTakeFirstOrThrow();
      if (Number(count) !== known.length) known = await withNew(database, known, Number(count));
      return known;
    },
    of: (processId) => scopeOfProcess(database, processId),
  };
}

async function withNew(session: Session, known: readonly KnownScope[], count: number): Promise<readonly KnownScope[]> {
  const fresh = await readScopes(session, (known.at(-1)?.id ?? 0) - lateNumbers);
  const all = new Map([...known, ...fresh].map((scope) => [scope.id, scope] as const));
  if (all.size < count) return readScopes(session, 0);
  return [...all.values()].toSorted((left, right) => left.id - right.id);
}

/** Further back a number that comes late is looked for among all of them. */
const lateNumbers = 100;

async function readScopes({ query }: Session, after: number): Promise<readonly KnownScope[]> {
  const rows = await query.selectFrom('scopes').selectAll().where('id', '>', after).orderBy('id').execute();
  return rows.map(({ id, labels }) => ({ id, scope: readScope(labels) }));
}

async function scopeOfProcess({ query }: Session, processId: string): Promise<KnownScope | null> {
  const row = await query
    .selectFrom(tableOf(processId))
    .innerJoin('scopes', (join) => join.onRef('scopes.id', '=', 'scope'))
    .select(['scopes.id as id', 'scopes.labels as labels'])
    .where(`${tableOf(processId)}.id`, '=', processId)
    .executeTakeFirst();
  return row === undefined ? null : { id: row.id, scope: readScope(row.labels) };
}

function tableOf(processId: string): 'runs' | 'changes' | 'backup_operations' | 'backup_plans' {
  if (isChangeId(processId)) return 'changes';
  if (isOperationId(processId)) return 'backup_operations';
  return isKeeperId(processId) ? 'backup_plans' : 'runs';
}

/** Its number, which it gets when it is first heard of. */
export async function internScope(session: Session, scope: Scope): Promise<number> {
  const labels = canonicalJson(toJson(uniteScopes(scope)));
  const known = await findScope(session, labels);
  if (known !== undefined) return known;
  await session.query
    .insertInto('scopes')
    .values({ labels })
    .onConflict((conflict) => conflict.column('labels').doNothing())
    .execute();
  // Another transaction may have written it meanwhile: then this one has waited for it.
  const written = await findScope(session, labels);
  if (written === undefined) throw new Error(`Cannot write down the scope ${labels}: it is not there afterwards`);
  return written;
}

async function findScope({ query }: Session, labels: string): Promise<number | undefined> {
  return (await query.selectFrom('scopes').select('id').where('labels', '=', labels).executeTakeFirst())?.id;
}

/** However many they are: one parameter. */
export function isOfScopes({ dialect }: Session, column: string, ids: readonly number[]): RawBuilder<SqlBool> {
  return dialect === 'postgres'
    ? sql`${sql.ref(column)} = any(${ids}::bigint[])`
    : sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(ids)}))`;
}

export function readScope(labels: string): Scope {
  return readDocument<Scope>(labels);
}

/** What a process asks people has its scope, whichever of the two is heard of first. */
export async function scopeTasksOf({ query }: Session, processId: string): Promise<void> {
  const table = tableOf(processId);
  await query
    .updateTable('tasks')
    .set({ scope: query.selectFrom(table).select('scope').where(`${table}.id`, '=', processId) })
    .where('run_id', '=', processId)
    .execute();
}
