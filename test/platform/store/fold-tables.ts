import type { Database } from '../../../platform/store/database';
import { foldTables } from '../../../platform/store/schema';

/** Every row of every fold as one text: equal texts are byte-equal tables. */
export async function dumpFolds({ query }: Database): Promise<string> {
  const tables: string[] = [];
  for (const table of foldTables) {
    const rows = await query.selectFrom(table).selectAll().execute();
    const lines = rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();
    tables.push(`${table}\n${lines.join('\n')}`);
  }
  return tables.join('\n\n');
}
