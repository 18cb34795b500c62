import { genesisHash, inconsistency } from './chain';
import type { JournalHead, StoredEntry } from './store';

export type ChainVerdict =
  | { readonly ok: true; readonly count: number; readonly head: string }
  | { readonly ok: false; readonly problems: readonly ChainProblem[] };

export interface ChainProblem {
  /** Of the entry concerned, or of the place where one should be. */
  readonly seq: number;
  /** Empty where the entry is missing. */
  readonly key: string;
  readonly kind: ChainProblemKind;
  readonly message: string;
}

export type ChainProblemKind = 'changed' | 'missing' | 'added' | 'reordered';

/**
 * Checks one stream, entry by entry, with nothing else at hand. `expected` is the head that somebody else has kept (the signed
 * trailer of an export, the result of the run): without it, a cut tail or a wholly rewritten chain cannot show.
 */
export function verifyChain(entries: Iterable<StoredEntry>, expected?: JournalHead): ChainVerdict {
  const check = new ChainCheck();
  for (const entry of entries) check.add(entry);
  return check.verdict(expected);
}

/** The same for a stream that is too long to be held: of an entry its hash and its name are kept, and what is wrong with it. */
export class ChainCheck {
  readonly #problems: { content: ChainProblem[]; order: ChainProblem[]; link: ChainProblem[] } = {
    content: [],
    order: [],
    link: [],
  };
  readonly #hashes = new Map<number, string>();
  readonly #keys = new Set<string>();
  readonly #places: Place[] = [];
  /** Stand before the entry that they were chained to. */
  readonly #early: StoredEntry[] = [];
  #stream: string | null = null;
  #highest = 0;
  #last: string = genesisHash;

  get count(): number {
    return this.#places.length;
  }

  /** Of the first entry; null: there is none. */
  get stream(): string | null {
    return this.#stream;
  }

  hashOf(seq: number): string | undefined {
    return this.#hashes.get(seq);
  }

  /** Of a whole chain. */
  keyOf(seq: number): string | undefined {
    return this.#places[seq - 1]?.key;
  }

  add(entry: StoredEntry): void {
    this.#stream ??= entry.stream;
    this.#problems.content.push(...contentProblems(entry, this.#stream));
    this.#checkOrder(entry);
    this.#places.push({ seq: entry.seq, key: entry.key });
    this.#hashes.set(entry.seq, entry.hash);
    this.#last = entry.hash;
    if (!this.#checkLink(entry)) this.#early.push(entry);
  }

  verdict(expected?: JournalHead): ChainVerdict {
    for (const entry of this.#early) this.#checkLink(entry);
    const { content, order, link } = this.#problems;
    const problems = [...content, ...order, ...this.#gaps(), ...link, ...this.#endProblems(expected)];
    return problems.length > 0 ? { ok: false, problems } : { ok: true, count: this.count, head: this.#last };
  }

  /** Seqs go 1, 2, 3 …: a gap is a missing entry, a repetition an added one, a step back a reordered one. */
  #checkOrder(entry: StoredEntry): void {
    const found = !(Number.isSafeInteger(entry.seq) && entry.seq > 0)
      ? (['added', 'its seq is none'] as const)
      : this.#hashes.has(entry.seq)
        ? (['added', 'its seq is taken'] as const)
        : this.#keys.has(entry.key)
          ? (['added', 'its key is taken'] as const)
          : entry.seq < this.#highest
            ? (['reordered', `it stands after ${this.#highest}`] as const)
            : null;
    if (found !== null)
      this.#problems.order.push(problem(entry, found[0], `Cannot place ${nameOf(entry)}: ${found[1]}`));
    this.#keys.add(entry.key);
    this.#highest = Math.max(this.#highest, entry.seq);
  }

  #gaps(): readonly ChainProblem[] {
    const gaps: ChainProblem[] = [];
    for (let seq = 1; seq <= Math.min(this.#highest, this.count + maxGaps); seq += 1) {
      if (!this.#hashes.has(seq)) gaps.push(missing(seq, 'nothing has this seq'));
    }
    return gaps;
  }

  /** Each entry carries the hash of the one before it. False where that one has not come; a gap is named as one. */
  #checkLink(entry: StoredEntry): boolean {
    const previous = entry.seq === 1 ? genesisHash : this.#hashes.get(entry.seq - 1);
    if (previous === undefined) return false;
    const message = `Cannot link ${nameOf(entry)}: the entry before it is not the one it was chained to`;
    if (previous !== entry.prev) this.#problems.link.push(problem(entry, 'changed', message));
    return true;
  }

  #endProblems(expected: JournalHead | undefined): readonly ChainProblem[] {
    if (expected === undefined) return [];
    const { count } = this;
    const had = `the journal had ${expected.count} entries`;
    const found: ChainProblem[] = [];
    for (let seq = count + 1; seq <= Math.min(expected.count, count + maxGaps); seq += 1) found.push(missing(seq, had));
    for (const place of this.#places.slice(expected.count))
      found.push(problem(place, 'added', `Cannot place ${nameOf(place)}: ${had}`));
    // Also where no whole number was recorded, which names no entry as missing and none as added.
    if (found.length === 0 && (count !== expected.count || this.#last !== expected.hash)) {
      const what = count === expected.count ? 'hash' : 'number of entries';
      const message = `Cannot verify the end of the journal: its ${what} is not the one that was recorded`;
      found.push(problem(this.#places.at(-1) ?? { seq: 0, key: '' }, 'changed', message));
    }
    return found;
  }
}

type Place = Pick<StoredEntry, 'seq' | 'key'>;

/** A forged seq of a billion names this many gaps, not a billion. */
const maxGaps = 1_000;

function* contentProblems(entry: StoredEntry, stream: string): Generator<ChainProblem> {
  const found = inconsistency(entry);
  if (found !== null) yield problem(entry, 'changed', `Cannot verify ${nameOf(entry)}: ${found}`);
  if (entry.stream !== stream)
    yield problem(entry, 'added', `Cannot place ${nameOf(entry)}: it is of the stream "${entry.stream}"`);
}

function missing(seq: number, why: string): ChainProblem {
  return { seq, key: '', kind: 'missing', message: `Cannot find entry ${seq}: ${why}` };
}

function problem(place: Place, kind: ChainProblemKind, message: string): ChainProblem {
  return { seq: place.seq, key: place.key, kind, message };
}

function nameOf({ seq, key }: Place): string {
  return `entry ${seq} "${key}"`;
}
