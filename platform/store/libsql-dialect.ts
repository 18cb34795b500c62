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
import { CommitGroup } from './commit-group';
import { LibsqlHandle, whenFree } from './libsql-handle';

/**
 * Kysely on a libsql file.
 *
 * - L1 One connection of this process writes, and only inside a transaction; all others read. A reader is told so by the file
 *   itself (`query_only`), and never sees a transaction that is still open.
 * - L2 Every transaction begins IMMEDIATE: a deferred one that reads first and then writes gets SQLITE_BUSY_SNAPSHOT at once (D16).
 * - L3 Transactions that wait for their turn are committed together with the one before them: each costs a savepoint, all of them
 *   one write to the disk. None is answered before that write.
 * - L4 Calls block the event loop and so the heartbeats: the file's own waiting is short, the long waiting is ours.
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

/** So many transactions, at most, are in one commit: another process waits for the file meanwhile. */
const largestGroup = 32;

class LibsqlDriver implements Driver {
  readonly #writer: LibsqlHandle;
  readonly #reader: LibsqlHandle;
  /** Resolves when the transaction at the end of the queue is over (L1). */
  #lastTurn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #group: CommitGroup | null = null;

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
      await this.#join();
    } catch (error) {
      await this.#leave(connection);
      throw error;
    }
    own.handle = this.#writer;
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    this.#writer.execute('release member');
    const group = await this.#leave(connection);
    await group?.settled;
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const own = asLibsql(connection);
    // Asked for by Kysely after a commit that failed as well: then nothing is left to undo.
    if (own.handle !== this.#writer) return;
    if (this.#writer.isInTransaction()) this.#writer.execute('rollback to member; release member');
    const group = await this.#leave(connection);
    // What made it fail may be what another member wrote: that must stand before anybody goes to look.
    await group?.settled.catch(() => undefined);
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
    this.#waiting += 1;
    await before;
    this.#waiting -= 1;
    return end;
  }

  async #join(): Promise<void> {
    if (this.#group === null) {
      await whenFree(() => {
        this.#writer.execute('begin immediate');
      });
      this.#group = new CommitGroup();
    }
    this.#writer.execute('savepoint member');
    this.#group.size += 1;
  }

  /** The last of a group commits for all of them, while it still has the turn. */
  async #leave(connection: DatabaseConnection): Promise<CommitGroup | null> {
    const own = asLibsql(connection);
    const group = this.#group;
    own.handle = this.#reader;
    // A full disk ends the whole transaction: then the commit fails, and with it every member.
    const isLast = this.#waiting === 0 || !this.#writer.isInTransaction();
    if (group !== null && (isLast || group.size >= largestGroup)) {
      this.#group = null;
      await group.commit(this.#writer);
    }
    own.endTurn();
    return group;
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
