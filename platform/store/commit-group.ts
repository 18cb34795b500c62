import type { LibsqlHandle } from './libsql-handle';
import { whenFree } from './libsql-handle';

/** Transactions that are committed together. */
export class CommitGroup {
  size = 0;
  readonly #settled: Promise<void>;
  #resolve = (): void => {};
  #reject: (reason: unknown) => void = () => {};

  constructor() {
    this.#settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A group whose members were all rolled back has nobody who listens.
    this.#settled.catch(() => undefined);
  }

  get settled(): Promise<void> {
    return this.#settled;
  }

  async commit(writer: LibsqlHandle): Promise<void> {
    try {
      await whenFree(() => {
        writer.execute('commit');
      });
      this.#resolve();
    } catch (error) {
      if (writer.isInTransaction()) writer.execute('rollback');
      this.#reject(error);
    }
  }
}
