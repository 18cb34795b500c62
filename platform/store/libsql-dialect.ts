import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type {
  CompiledQuery,
  DatabaseConnection,
  DatabaseIntrospector,
  Dialect,
  DialectAdapter,
  Driver,
  Kysely,
  QueryCompiler,
  QueryResult,
} from 'kysely';
import { LibsqlHandle, whenFree } from './libsql-handle';

/**
 * Kysely on a libsql file.
 *
 * - L1 One connection of this process writes, and only inside a transaction; all others read. A reader is told so by the file
 *   itself (`query_only`), and never sees a transaction that is still open.
 * - L2 Every transaction begins IMMEDIATE: a deferred one that reads first and then writes gets SQLITE_BUSY_SNAPSHOT at once (D16).
 * - L3 Calls block the event loop and so the heartbeats: the file's own waiting is short, the long waiting is ours.
 */
export class LibsqlDialect implements Dialect {
  constructor(private readonly options: { readonly file: string }) {}

  createDriver(): Driver {
    return new LibsqlDriver(this.options.file);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(database);
  }
}

class LibsqlDriver implements Driver {
  readonly #writer: LibsqlHandle;
  readonly #reader: LibsqlHandle;
  /** Resolves when the transaction at the end of the queue is over (L1). */
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#writer = new LibsqlHandle(file);
    this.#reader = new LibsqlHandle(file);
  }

  async init(): Promise<void> {
    await whenFree(() => {
      this.#writer.execute('pragma journal_mode = wal');
    });
    this.#writer.execute('pragma synchronous = full');
    this.#reader.execute('pragma query_only = on');
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(new LibsqlConnection(this.#reader));
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const own = asLibsql(connection);
    own.endTurn = await this.#takeTurn();
    try {
      await whenFree(() => {
        this.#writer.execute('begin immediate');
      });
    } catch (error) {
      own.endTurn();
      throw error;
    }
    own.handle = this.#writer;
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#finish(connection, 'commit');
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#finish(connection, 'rollback');
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    await this.#lastTurn;
    this.#reader.close();
    this.#writer.close();
  }

  async #takeTurn(): Promise<() => void> {
    const before = this.#lastTurn;
    let end = (): void => {};
    this.#lastTurn = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }

  /** A failed commit leaves the transaction open; Kysely then asks for the rollback, and only that ends the turn. */
  async #finish(connection: DatabaseConnection, how: 'commit' | 'rollback'): Promise<void> {
    const own = asLibsql(connection);
    if (how === 'commit') await whenFree(() => this.#writer.execute('commit'));
    else if (this.#writer.isInTransaction()) this.#writer.execute('rollback');
    own.handle = this.#reader;
    own.endTurn();
  }
}

class LibsqlConnection implements DatabaseConnection {
  endTurn: () => void = () => {};

  constructor(public handle: LibsqlHandle) {}

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.handle.isInTransaction()) return Promise.resolve(this.handle.run<R>(query.sql, query.parameters));
    return whenFree(() => this.handle.run<R>(query.sql, query.parameters));
  }

  // oxlint-disable-next-line require-yield -- Kysely's interface wants a generator; nothing here streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Cannot stream rows: the libsql connection answers whole results');
  }
}

function asLibsql(connection: DatabaseConnection): LibsqlConnection {
  if (connection instanceof LibsqlConnection) return connection;
  throw new TypeError('Cannot use connection: it belongs to another driver');
}
