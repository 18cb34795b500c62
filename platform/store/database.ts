import { Kysely } from 'kysely';
import { LibsqlDialect } from './libsql-dialect';
import { postgresDialect } from './postgres-dialect';
import type { Schema } from './schema';

export type StoreDialect = 'postgres' | 'libsql';

export type StoreOptions =
  | { readonly kind: 'libsql'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly maxConnections?: number };

/** Where queries go: the database, or one transaction of it. */
export interface Session {
  readonly dialect: StoreDialect;
  readonly query: Kysely<Schema>;
}

export interface Database extends Session {
  /** On libsql there is one writer at a time; on PostgreSQL rows are locked where the order matters. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function openDatabase(options: StoreOptions): Database {
  const query = new Kysely<Schema>({
    dialect: options.kind === 'libsql' ? new LibsqlDialect(options) : postgresDialect(options),
  });
  const dialect = options.kind;
  return {
    dialect,
    query,
    transaction: (work) => query.transaction().execute((transaction) => work({ dialect, query: transaction })),
    close: () => query.destroy(),
  };
}
