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
export function verifyChain(entries: readonly StoredEntry[], expected?: JournalHead): ChainVerdict {
  const problems = [
    ...contentProblems(entries),
    ...orderProblems(entries),
    ...linkProblems(entries),
    ...(expected === undefined ? [] : headProblems(entries, expected)),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, count: entries.length, head: entries.at(-1)?.hash ?? genesisHash };
}

function* contentProblems(entries: readonly StoredEntry[]): Generator<ChainProblem> {
  const stream = entries[0]?.stream;
  for (const entry of entries) {
    const found = inconsistency(entry);
    if (found !== null) yield problem(entry, 'changed', `Cannot verify ${nameOf(entry)}: ${found}`);
    if (entry.stream !== stream) {
      yield problem(entry, 'added', `Cannot place ${nameOf(entry)}: it is of the stream "${entry.stream}"`);
    }
  }
}

/** Seqs go 1, 2, 3 …: a gap is a missing entry, a repetition an added one, a step back a reordered one. */
function* orderProblems(entries: readonly StoredEntry[]): Generator<ChainProblem> {
  const seen = new Set<number>();
  const keys = new Set<string>();
  let highest = 0;
  for (const entry of entries) {
    if (seen.has(entry.seq)) yield problem(entry, 'added', `Cannot place ${nameOf(entry)}: its seq is taken`);
    else if (keys.has(entry.key)) yield problem(entry, 'added', `Cannot place ${nameOf(entry)}: its key is taken`);
    else if (entry.seq < highest)
      yield problem(entry, 'reordered', `Cannot place ${nameOf(entry)}: it stands after ${highest}`);
    seen.add(entry.seq);
    keys.add(entry.key);
    highest = Math.max(highest, entry.seq);
  }
  for (let seq = 1; seq <= Math.min(highest, entries.length + maxGaps); seq += 1) {
    if (!seen.has(seq))
      yield { seq, key: '', kind: 'missing', message: `Cannot find entry ${seq}: nothing has this seq` };
  }
}

/** A forged seq of a billion names this many gaps, not a billion. */
const maxGaps = 1_000;

/** Each entry carries the hash of the one before it. Where that one is missing, the gap has been named already. */
function* linkProblems(entries: readonly StoredEntry[]): Generator<ChainProblem> {
  const bySeq = new Map(entries.map((entry) => [entry.seq, entry]));
  for (const entry of entries) {
    const previous = entry.seq === 1 ? genesisHash : bySeq.get(entry.seq - 1)?.hash;
    if (previous === undefined || previous === entry.prev) continue;
    yield problem(
      entry,
      'changed',
      `Cannot link ${nameOf(entry)}: the entry before it is not the one it was chained to`,
    );
  }
}

function* headProblems(entries: readonly StoredEntry[], expected: JournalHead): Generator<ChainProblem> {
  const last = entries.at(-1);
  const count = entries.length;
  for (let seq = count + 1; seq <= Math.min(expected.count, count + maxGaps); seq += 1) {
    yield {
      seq,
      key: '',
      kind: 'missing',
      message: `Cannot find entry ${seq}: the journal had ${expected.count} entries`,
    };
  }
  for (const entry of entries.slice(expected.count)) {
    yield problem(entry, 'added', `Cannot place ${nameOf(entry)}: the journal had ${expected.count} entries`);
  }
  if (count === expected.count && (last?.hash ?? genesisHash) !== expected.hash) {
    const place = last ?? { seq: 0, key: '' };
    yield problem(place, 'changed', `Cannot verify the end of the journal: its hash is not the one that was recorded`);
  }
}

function problem(
  place: { readonly seq: number; readonly key: string },
  kind: ChainProblemKind,
  message: string,
): ChainProblem {
  return { seq: place.seq, key: place.key, kind, message };
}

function nameOf(entry: StoredEntry): string {
  return `entry ${entry.seq} "${entry.key}"`;
}
