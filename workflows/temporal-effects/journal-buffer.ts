import type { JournalEntry, JournalKind } from '../domain/journal';
import type { NewEntry } from '../effects';
import type { LocalActivities } from './activities';

interface Head {
  readonly count: number;
  readonly hash: string;
}

const largestBatch = 200;
/** Screens should not be further behind than this while light steps go on. */
const oldestMs = 1_000;

/** Facts on their way to the journal: written together, before anything that could not be repeated (D4). */
export class JournalBuffer {
  #entries: JournalEntry[] = [];
  #writing: Promise<void> | null = null;
  /** How many entries have been written since the binding was made. */
  #written = 0;
  #head: Head = { count: 0, hash: '' };

  constructor(
    private readonly runId: string,
    private readonly local: LocalActivities,
  ) {}

  /** Of the stream, after the last write. */
  get head(): Head {
    return this.#head;
  }

  get isDue(): boolean {
    const first = this.#entries[0];
    return this.#entries.length >= largestBatch || (first !== undefined && first.at < Date.now() - oldestMs);
  }

  record<K extends JournalKind>(entry: NewEntry<K>): void {
    this.#entries.push({ at: Date.now(), actor: 'engine', via: 'engine', ...entry });
  }

  /** Writes what has been recorded up to now; what others add meanwhile is theirs to wait for. */
  async flush(): Promise<void> {
    const goal = this.#written + this.#entries.length;
    while (this.#written < goal) {
      this.#writing ??= this.#write();
      await this.#writing;
    }
  }

  /** What could not be written stays, in its place. */
  async #write(): Promise<void> {
    const entries = this.#entries.slice(0, largestBatch);
    try {
      this.#head = await this.local.ask<Head>('journal.append', { runId: this.runId, entries });
      this.#entries = this.#entries.slice(entries.length);
      this.#written += entries.length;
    } finally {
      this.#writing = null;
    }
  }
}
