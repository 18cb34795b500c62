import { existsSync } from 'node:fs';

import { openDatabase } from './database';
import type { Session, StoreOptions } from './database';

export interface OpenRun {
  readonly id: string;
  /** Null while only part of its journal has arrived. */
  readonly number: number | null;
  readonly definition: string | null;
  readonly state: string;
}

/** What is still executed: runs, backup operations, and changes, which wait for weeks. Keepers of backup plans never end. */
export interface OpenRuns {
  readonly count: number;
  /** The oldest of them. */
  readonly first: readonly OpenRun[];
}

const named = 10;

/** Runs, changes and backup operations that have not ended, read as they stand: the schema is left alone, so the version that wrote it can still go on. */
export async function readOpenRuns(options: StoreOptions): Promise<OpenRuns> {
  if (options.kind === 'libsql' && !existsSync(options.file)) return nothingOpen;
  const database = openDatabase(options);
  try {
    const tables = await database.query.introspection.getTables();
    if (!tables.some(({ name }) => name === 'runs')) return nothingOpen;
    const open = database.query.selectFrom('runs').where('state', '!=', 'closed');
    const { count } = await open
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .executeTakeFirstOrThrow();
    const first = await open.select(['id', 'number', 'definition', 'state']).orderBy('number').limit(named).execute();
    const has = (table: string): boolean => tables.some(({ name }) => name === table);
    const changes = has('changes') ? await openChanges(database) : nothingOpen;
    const operations = has('backup_operations') ? await openOperations(database) : nothingOpen;
    const all = [...first, ...changes.first, ...operations.first];
    return { count: Number(count) + changes.count + operations.count, first: all.slice(0, named) };
  } finally {
    await database.close();
  }
}

const nothingOpen: OpenRuns = { count: 0, first: [] };

/** By the names that people call them. */
async function openChanges({ query }: Session): Promise<OpenRuns> {
  const open = query.selectFrom('changes').where('standing', '!=', 'over');
  const { count } = await open.select(({ fn }) => fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow();
  const rows = await open.select(['id', 'number', 'phase']).orderBy('number').limit(named).execute();
  const first = rows.map(({ id, number, phase: state }) => {
    const name = number === null ? id : `CHG-${number}`;
    return { id: name, number: null, definition: 'change', state };
  });
  return { count: Number(count), first };
}

async function openOperations({ query }: Session): Promise<OpenRuns> {
  const open = query.selectFrom('backup_operations').where('opened_at', 'is not', null).where('ended_at', 'is', null);
  const { count } = await open.select(({ fn }) => fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow();
  const rows = await open.select(['id', 'plan', 'kind']).orderBy('opened_at').limit(named).execute();
  const first = rows.map(({ id, plan, kind }) => {
    return { id, number: null, definition: `${kind ?? 'operation'} of ${plan ?? 'a plan'}`, state: 'running' };
  });
  return { count: Number(count), first };
}
