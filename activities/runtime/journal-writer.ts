import type { Journal, StoredEntry } from '../../platform/store/store';
import { hasCode } from '../../platform/system-error';
import type { AnyJournalEntry } from '../../workflows/domain/journal';

const largestBatch = 100;
const longestWaitMs = 250;

interface Waiting {
  readonly entry: AnyJournalEntry;
  readonly resolve: (standing: StoredEntry | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Many hosts write at once; one append serves them together.
 *
 * - B1 One append at a time; what comes meanwhile is the next batch.
 * - B2 An urgent entry waits for nothing but the append before it; another waits at most 250 ms for company.
 * - B3 Where another attempt has written a different payload under a key, its entry stands and is answered (D4).
 */
export class JournalWriter {
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;
  #busy = false;
  #urgent = false;

  constructor(
    private readonly journal: Journal,
    private readonly stream: string,
  ) {}

  /** Settles once the entry is stored: null, or the entry that stood there already with another payload. */
  write(entry: AnyJournalEntry, urgency: 'now' | 'soon'): Promise<StoredEntry | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      if (urgency === 'now') this.#urgent = true;
      this.#schedule();
    });
  }

  /** Writes what is waiting without waiting for company. */
  hurry(): void {
    if (this.#waiting.length === 0) return;
    this.#urgent = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#busy) return;
    const due = this.#urgent || this.#waiting.length >= largestBatch;
    if (due && this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
    // A turn of the event loop gathers what other hosts are about to write.
    if (due) {
      this.#busy = true;
      setImmediate(() => void this.#writeWaiting());
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.hurry();
    }, longestWaitMs);
  }

  async #writeWaiting(): Promise<void> {
    const batch = this.#waiting.splice(0, largestBatch);
    if (this.#waiting.length === 0) this.#urgent = false;
    await this.#append(batch);
    this.#busy = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #append(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.journal.append(
        this.stream,
        batch.map(({ entry }) => entry),
      );
      for (const { resolve } of batch) resolve(null);
    } catch (error) {
      if (hasCode(error, 'JOURNAL_CONFLICT')) await this.#appendOneByOne(batch);
      else for (const { reject } of batch) reject(error);
    }
  }

  async #appendOneByOne(batch: readonly Waiting[]): Promise<void> {
    for (const { entry, resolve, reject } of batch) {
      await appendOrFind(this.journal, this.stream, entry).then(resolve, reject);
    }
  }
}

/** Null, or the entry that stands under the same key with another payload. */
export async function appendOrFind(
  journal: Journal,
  stream: string,
  entry: AnyJournalEntry,
): Promise<StoredEntry | null> {
  try {
    await journal.append(stream, [entry]);
    return null;
  } catch (error) {
    if (!hasCode(error, 'JOURNAL_CONFLICT')) throw error;
    const [standing] = await journal.find(stream, [entry.key]);
    if (standing === undefined) throw error;
    return standing;
  }
}
