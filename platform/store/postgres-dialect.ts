import { PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';

/** `int8`: counts, times and positions. All of them stay far below 2^53. */
const bigintOid = 20;

export function postgresDialect(options: { readonly url: string; readonly maxConnections?: number }): PostgresDialect {
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    types: { getTypeParser: (oid, format) => (oid === bigintOid ? Number : types.getTypeParser(oid, format)) },
  });
  // The pool drops a connection that broke while idle; the next query opens another. Unheard, the event would end the process.
  pool.on('error', () => {});
  return new PostgresDialect({ pool });
}
