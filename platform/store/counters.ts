import type { Database } from './database';

/** 1, 2, 3 … of each sort; a number that was taken is never given again. */
export function nextNumber(database: Database, counter: 'run' | 'change'): Promise<number> {
  return database.transaction(async ({ query }) => {
    const { value } = await query
      .updateTable('counters')
      .set(({ eb }) => ({ value: eb('value', '+', 1) }))
      .where('name', '=', counter)
      .returning('value')
      .executeTakeFirstOrThrow();
    return value;
  });
}
