import type { JournalEntry, JournalKind } from '../domain/journal';
import type { NewEntry } from '../effects';
import { askWorker } from './activities';

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
  #head: Head = { count: 0, hash: '' };

  constructor(private readonly runId: string) {}

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

  /** Whoever comes while a write is under way waits for it and for what has been added since. */
  async flush(): Promise<void> {
    while (this.#writing !== null || this.#entries.length > 0) {
      this.#writing ??= this.#write();
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    const entries = this.#entries.slice(0, largestBatch);
    this.#entries = this.#entries.slice(largestBatch);
    this.#head = await askWorker<Head>('journal.append', { runId: this.runId, entries });
    this.#writing = null;
  }
}
