import { checkpointProblem } from '../../platform/store/checkpoint';
import type { StreamState } from '../../platform/store/checkpoints';
import type { Store } from '../../platform/store/store';
import { ChainCheck } from '../../platform/store/verify';
import type { AuditProblem, CheckpointsVerified, JournalsVerified } from '../api/evidence-schema';
import { streamEntries } from '../journal-pages';

/** Some journals, entry by entry, against what the newest checkpoint says of each. */
export async function verifyJournals(
  store: Store,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<JournalsVerified> {
  const states = await store.checkpoints.states(after, limit);
  const problems: AuditProblem[] = [];
  let entries = 0;
  for (const state of states) {
    const found = await verifyJournal(store, state);
    entries += found.entries;
    problems.push(...found.problems);
  }
  return {
    streams: states.length,
    entries,
    problems,
    next: states.length < limit ? null : (states.at(-1)?.stream ?? null),
  };
}

interface JournalVerified {
  readonly entries: number;
  readonly problems: readonly AuditProblem[];
}

async function verifyJournal(store: Store, { stream, leaf }: StreamState): Promise<JournalVerified> {
  // The head is read after the entries: what is appended in between is then no missing entry.
  const chain = new ChainCheck();
  for await (const entry of streamEntries(store, stream)) chain.add(entry);
  const verdict = chain.verdict(await headBeneath(store, stream, chain.count));
  const problems: AuditProblem[] = verdict.ok
    ? []
    : verdict.problems.map(({ seq, message }) => ({ stream, seq, message }));
  if (leaf !== null && chain.hashOf(leaf.count) !== leaf.head) {
    const message = `Cannot verify entry ${leaf.count}: the newest checkpoint has another hash of it`;
    problems.push({ stream, seq: leaf.count, message });
  }
  return { entries: chain.count, problems };
}

/** What the journal's own table says; undefined while it grows under our eyes, where the checkpoint alone can tell. */
async function headBeneath(
  store: Store,
  stream: string,
  read: number,
): Promise<{ readonly count: number; readonly hash: string } | undefined> {
  const head = await store.journal.head(stream);
  return head.count > read && (await store.journal.read(stream, { after: read, limit: 1 })).length > 0
    ? undefined
    : head;
}

const checkpointsAtOnce = 200;

/** Every checkpoint by itself and after the one before it, and the newest against the leaves that it says it is made of. */
export async function verifyCheckpoints(store: Store, publicKey: string): Promise<CheckpointsVerified> {
  const problems: AuditProblem[] = [];
  let previous = { number: 0, size: 0, root: '' };
  for (;;) {
    const page = await store.checkpoints.list(previous.number, checkpointsAtOnce);
    for (const { checkpoint } of page) {
      const found =
        checkpointProblem(checkpoint) ??
        (checkpoint.publicKey === publicKey ? null : 'another key has signed it than that of the installation') ??
        (follows(checkpoint, previous) ? null : 'it is not the one that comes after the one before it');
      if (found !== null) problems.push(problemOf(checkpoint.number, found));
      previous = checkpoint;
    }
    if (page.length < checkpointsAtOnce) break;
  }
  const newest = await store.checkpoints.newest();
  if (newest !== null && (await store.checkpoints.recomputedRoot(newest.size)) !== newest.root)
    problems.push(problemOf(newest.number, 'the states of journals that it is made of are others now'));
  return { checkpoints: previous.number, newest: newest === null ? null : mutable(newest), problems };
}

interface Place {
  readonly number: number;
  readonly size: number;
  readonly root: string;
}

function follows(
  checkpoint: { readonly number: number; readonly previous: { readonly size: number; readonly root: string } },
  before: Place,
): boolean {
  const { number, previous } = checkpoint;
  if (number !== before.number + 1) return false;
  return before.number === 0 ? previous.size === 0 : previous.size === before.size && previous.root === before.root;
}

function problemOf(number: number, found: string): AuditProblem {
  return { stream: 'checkpoints', seq: number, message: `Cannot verify checkpoint ${number}: ${found}` };
}

function mutable<T extends { readonly consistency: readonly string[] }>(checkpoint: T): T & { consistency: string[] } {
  return { ...checkpoint, consistency: [...checkpoint.consistency] };
}
