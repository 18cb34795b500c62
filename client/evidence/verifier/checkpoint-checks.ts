import { genesisHash } from '../../../platform/store/chain';
import { checkpointProblem, isCovered } from '../../../platform/store/checkpoint';
import type { Checkpoint } from '../../../platform/store/checkpoint';
import { streamOf } from '../../../workflows/domain/streams';
import type { ChildHead, CoveredPart } from '../format';
import { holds, open, wrong } from './finding';
import type { Finding } from './finding';
import type { EvidenceFile } from './read';
import type { Trust } from './trust';

/** The checkpoint by itself, against the file, and against what was kept elsewhere. */
export function* checkpoint(file: EvidenceFile, { checkpoints: known }: Trust): Generator<Finding> {
  const found = file.checkpoint?.checkpoint;
  if (found === undefined) return;
  const name = `checkpoint ${found.number}`;
  const flaw = checkpointProblem(found);
  if (flaw !== null) yield wrong('changed', `Cannot verify ${name}: ${flaw}`);
  if (found.publicKey !== file.trailer.publicKey)
    yield wrong('unsigned', `Cannot verify ${name}: another key has signed it than the file`);
  if (found.installation !== file.header.installation)
    yield wrong('contradiction', `Cannot verify ${name}: it is of installation ${found.installation}`);
  if (known === undefined) {
    yield open('that the checkpoint is the one that others have seen: compare it with --checkpoints FILE');
    return;
  }
  const own = known.filter(({ installation }) => installation === found.installation);
  yield* amongKept(found, own);
  yield* laterKept(file, found, own);
}

function* amongKept(found: Checkpoint, kept: readonly Checkpoint[]): Generator<Finding> {
  const name = `checkpoint ${found.number}`;
  const same = kept.find(({ number }) => number === found.number);
  if (same === undefined) yield wrong('missing', `Cannot find ${name}: it is not among those that were kept elsewhere`);
  // The same number with another root: the installation has shown two histories.
  else if (same.root !== found.root || same.size !== found.size)
    yield wrong('contradiction', `Cannot verify ${name}: what was kept elsewhere has another root`);
  yield holds('the checkpoint is one of those that were kept elsewhere');
}

/** So long a checkpoint may take until it stands, and so far the clocks of two processes may be apart. */
const toleranceMs = 600_000;

/** A file goes by the newest checkpoint that stood when it was written: one by an older hides what the newer ones cover. */
function* laterKept({ header }: EvidenceFile, found: Checkpoint, kept: readonly Checkpoint[]): Generator<Finding> {
  const later = kept.filter(({ number }) => number > found.number);
  const [next, newest] = [later[0], later.at(-1)];
  if (next === undefined || newest === undefined) return;
  if (next.at + toleranceMs < header.exportedAt)
    yield wrong(
      'contradiction',
      `Cannot go by checkpoint ${found.number}: checkpoint ${next.number} was kept elsewhere before the file was written`,
    );
  yield open(
    `what checkpoint ${newest.number}, kept elsewhere, says of this journal: the file goes by ${found.number}`,
  );
}

/** Every state of this journal that was covered, against the tree and against the entry that was the last one then. */
export function* states(file: EvidenceFile, { checkpoints: known }: Trust): Generator<Finding> {
  const { header, journal, checkpoint: part, covered } = file;
  for (const state of covered) yield* placed(file, state);
  const own = covered.filter(({ leaf }) => leaf.stream === header.stream);
  for (const { leaf } of own) {
    if (journal.hashOf(leaf.count) !== leaf.head)
      yield wrong('changed', `Cannot verify entry ${leaf.count}: the checkpoint has another hash of it`, leaf.count);
  }
  const newest = Math.max(0, ...own.map(({ leaf }) => leaf.count));
  // Whoever leaves the proof out must not be better off than whoever brings one that does not fit.
  if (newest === 0 && known !== undefined)
    yield wrong('missing', 'Cannot find a checkpoint of this journal in the file: it is to be made anew');
  if (newest < journal.count) yield open(`${uncovered(file, newest)}: not yet under a checkpoint`);
  if (part === null || newest === 0) return;
  const { number, at, size } = part.checkpoint;
  const when = new Date(at).toISOString();
  yield holds(`entries 1 to ${newest} are in checkpoint ${number} of ${when}, among ${size} states of journals`);
  if (own.length > 1) yield holds(`the ${own.length} states of this journal in it are all beginnings of this one`);
  yield open('that the tree has no other state of this journal: only the whole tree shows it (audit verify --all)');
}

function* placed({ header, attested, checkpoint: part }: EvidenceFile, state: CoveredPart): Generator<Finding> {
  const { stream, count } = state.leaf;
  const isKnown = stream === header.stream || attested.children.some(({ id }) => streamOf(id) === stream);
  if (!isKnown) yield wrong('added', `Cannot place the state of "${stream}": it is no journal of this file`);
  if (part === null || !isCovered(state, part.checkpoint))
    yield wrong('changed', `Cannot verify entry ${count} of "${stream}": that state is not in the checkpoint's tree`);
}

const mostNamed = 20;

/** `entries 4 to 5 (4 "host.ended", 5 "run.ended")`. */
function uncovered({ journal }: EvidenceFile, newest: number): string {
  const { count } = journal;
  const named = Array.from({ length: Math.min(mostNamed, count - newest) }, (_, index) => newest + 1 + index);
  const names = named.map((seq) => `${seq} "${journal.keyOf(seq) ?? ''}"`).join(', ');
  const more = count - newest - named.length;
  const which = newest + 1 === count ? `entry ${count}` : `entries ${newest + 1} to ${count}`;
  return `${which} (${names}${more > 0 ? `, and ${more} more` : ''})`;
}

/** Journals of runs that this process has started: the file has their heads. */
export function* children(file: EvidenceFile): Generator<Finding> {
  const { attested, summary } = file;
  for (const id of summary.children) {
    if (!attested.children.some((child) => child.id === id))
      yield wrong('missing', `Cannot find the head of run ${id}: the journal names it, the file does not have it`);
  }
  for (const child of attested.children) yield* childFindings(file, child);
}

function* childFindings({ covered, summary }: EvidenceFile, child: ChildHead): Generator<Finding> {
  const { id, name, count, head } = child;
  const leaf = covered.find((state) => state.leaf.stream === streamOf(id))?.leaf;
  const isNamed = summary.children.includes(id);
  if (leaf !== undefined && (leaf.count > count || (leaf.count === count && leaf.head !== head)))
    yield wrong(
      'contradiction',
      `Cannot verify the head of ${name}: the checkpoint has entry ${leaf.count} of another`,
    );
  if (count === 0 && head !== genesisHash)
    yield wrong('contradiction', `Cannot verify the head of ${name}: it has no entries, and a hash of the last one`);
  if (leaf !== undefined) yield holds(`the journal of ${name} (${id}) has ${leaf.count} entries under that checkpoint`);
  const later = leaf?.count ?? 0;
  if (later < count)
    yield open(
      `entries ${later + 1} to ${count} of the journal of ${name}: not yet under a checkpoint`,
      'attested.children.count',
      'attested.children.head',
    );
  yield open(
    `what the journal of ${name} says${isNamed ? '' : ', and that it belongs here'}: export it by itself`,
    'attested.children.name',
    ...(isNamed || leaf !== undefined ? [] : ['attested.children.id']),
  );
}
