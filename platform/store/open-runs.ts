import { existsSync } from 'node:fs';

import { openDatabase } from './database';
import type { StoreOptions } from './database';

export interface OpenRun {
  readonly id: string;
  /** Null while only part of its journal has arrived. */
  readonly number: number | null;
  readonly definition: string | null;
  readonly state: string;
}

export interface OpenRuns {
  readonly count: number;
  /** The oldest of them. */
  readonly first: readonly OpenRun[];
}

const named = 10;

/** Runs that have not ended, read as they stand: the schema is left alone, so the version that wrote it can still go on. */
export async function readOpenRuns(options: StoreOptions): Promise<OpenRuns> {
  if (options.kind === 'libsql' && !existsSync(options.file)) return { count: 0, first: [] };
  const database = openDatabase(options);
  try {
    const tables = await database.query.introspection.getTables();
    if (!tables.some(({ name }) => name === 'runs')) return { count: 0, first: [] };
    const open = database.query.selectFrom('runs').where('state', '!=', 'closed');
    const { count } = await open
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .executeTakeFirstOrThrow();
    const first = await open.select(['id', 'number', 'definition', 'state']).orderBy('number').limit(named).execute();
    return { count: Number(count), first };
  } finally {
    await database.close();
  }
}
