import { openDatabase } from '../../platform/store/database';

export interface Told {
  /** Positions of the feed, in their order. */
  readonly positions: readonly number[];
  /** Entries of the journal that have no place in the feed. */
  readonly missing: number;
}

/** What there was to be told: read from the file once nobody writes any more. */
export async function readTold(file: string): Promise<Told> {
  const database = openDatabase({ kind: 'libsql', file });
  try {
    const fed = await database.query.selectFrom('feed').select('position').orderBy('position').execute();
    const entries = await database.query
      .selectFrom('journal')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .execute();
    return { positions: fed.map(({ position }) => position), missing: (entries[0]?.count ?? 0) - fed.length };
  } finally {
    await database.close();
  }
}

/** What one viewer missed of it, and what it was told twice. */
export function compare(
  seen: readonly number[],
  told: readonly number[],
): { readonly gaps: number; readonly twice: number } {
  const once = new Set(seen);
  return { gaps: told.filter((position) => !once.has(position)).length, twice: seen.length - once.size };
}
