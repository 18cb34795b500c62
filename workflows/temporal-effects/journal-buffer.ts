import type { JournalEntry, JournalKind } from '../domain/journal';
import type { NewEntry } from '../effects';
import type { LocalActivities } from './activities';

interface Head {
  readonly count: number;
  readonly hash: string;
}

/** Entries that a call takes along; the worker writes them before it does anything else. */
export interface Carried {
  readonly entries: readonly JournalEntry[];
  /** The call has been answered: they are in the journal. */
  arrived(): void;
  /** The call was lost: nobody knows whether they are. */
  lost(): void;
}

interface Waiting {
  readonly entry: JournalEntry;
  /** Underway with a call. */
  carried: boolean;
}

const largestBatch = 200;
/** Screens should not be further behind than this. */
const oldestMs = 1_000;

/**
 * Facts on their way to the journal (D4).
 *
 * - J1 A call to a worker takes along what has not been written yet: the step needs no way of its own to the store.
 * - J2 Whoever must know that everything stands there flushes. What is underway is then written as well: an equal entry is one entry.
 */
export class JournalBuffer {
  #waiting: readonly Waiting[] = [];
  #writing: Promise<void> | null = null;
  #head: Head = { count: 0, hash: '' };

  constructor(
    private readonly runId: string,
    private readonly local: Pick<LocalActivities, 'ask' | 'now'>,
  ) {}

  /** Of the stream, after the last flush. */
  get head(): Head {
    return this.#head;
  }

  /** Too much for a call to take along, or too old to wait for one. */
  get isDue(): boolean {
    const first = this.#waiting.find(({ carried }) => !carried);
    return (
      this.#waiting.length >= largestBatch || (first !== undefined && first.entry.at < this.local.now() - oldestMs)
    );
  }

  record<K extends JournalKind>(entry: NewEntry<K>): void {
    this.#waiting = [
      ...this.#waiting,
      { entry: { at: this.local.now(), actor: 'engine', via: 'engine', ...entry }, carried: false },
    ];
  }

  /** `all`: also what is underway with another call, for a call that must not begin before it stands there. */
  carry(which: 'all' | 'left'): Carried {
    const taken = this.#waiting.filter(({ carried }) => which === 'all' || !carried).slice(0, largestBatch);
    for (const one of taken) one.carried = true;
    return {
      entries: taken.map(({ entry }) => entry),
      arrived: () => this.#drop(taken),
      lost: () => {
        for (const one of taken) one.carried = false;
      },
    };
  }

  /** Writes what has been recorded up to now; what others add meanwhile is theirs to wait for. */
  async flush(): Promise<void> {
    const goal = new Set(this.#waiting);
    while (this.#waiting.some((one) => goal.has(one))) {
      this.#writing ??= this.#write();
      await this.#writing;
    }
  }

  /** What could not be written stays, in its place. */
  async #write(): Promise<void> {
    const batch = this.#waiting.slice(0, largestBatch);
    const entries = batch.map(({ entry }) => entry);
    try {
      this.#head = await this.local.ask<Head>('journal.append', { runId: this.runId, entries });
      this.#drop(batch);
    } finally {
      this.#writing = null;
    }
  }

  #drop(written: readonly Waiting[]): void {
    const gone = new Set(written);
    this.#waiting = this.#waiting.filter((one) => !gone.has(one));
  }
}
