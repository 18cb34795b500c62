import { setTimeout as delay } from 'node:timers/promises';
import type { QueryResult } from 'kysely';
import LibsqlDatabase from 'libsql';
import { hasCode } from '../system-error';
import { StoreError } from './store-error';

/** How long the file itself waits for another process, with the event loop blocked: far below a heartbeat (D16). */
const busyTimeoutMs = 100;
const giveUpAfterMs = 30_000;
const pauseMs = 15;
/** Multi-row inserts come in many lengths; beyond this many texts the statements are dropped and prepared anew. */
const maxStatements = 400;

type Statement = LibsqlDatabase.Statement;

/** One native connection with its prepared statements. */
export class LibsqlHandle {
  readonly #database: LibsqlDatabase.Database;
  readonly #statements = new Map<string, Statement>();

  constructor(file: string) {
    this.#database = new LibsqlDatabase(file, { timeout: busyTimeoutMs });
    this.#database.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
  }

  execute(sql: string): void {
    this.#database.exec(sql);
  }

  run<R>(sql: string, parameters: readonly unknown[]): QueryResult<R> {
    const statement = this.#prepare(sql);
    if (statement.reader) {
      const rows = statement.all([...parameters]);
      if (isRowList<R>(rows)) return { rows };
      throw new TypeError('Cannot read rows: the statement answered something else');
    }
    const { changes } = statement.run([...parameters]);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  isInTransaction(): boolean {
    return this.#database.inTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Does the work, again and again while another process holds the file, without blocking the event loop in between (D16). */
export async function whenFree<T>(work: () => T): Promise<T> {
  const giveUpAt = Date.now() + giveUpAfterMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() > giveUpAt) {
        throw new StoreError('STORE_BUSY', `Cannot use the store: its file stayed locked for ${giveUpAfterMs} ms`, {
          cause: error,
        });
      }
    }
    await delay(pauseMs * (0.5 + Math.random()));
  }
}

/** Kysely gives each query its row type; the schema of the file answers for it. */
function isRowList<R>(rows: readonly unknown[]): rows is R[] {
  return rows.every((row) => typeof row === 'object' && row !== null);
}

function isBusy(error: unknown): boolean {
  return ['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_BUSY_RECOVERY', 'SQLITE_LOCKED'].some((code) =>
    hasCode(error, code),
  );
}
