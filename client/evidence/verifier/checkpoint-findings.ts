import type { Checkpoint } from '../../../platform/store/checkpoint';
import { proofProblem } from '../../../platform/store/checkpoint';
import type { CheckpointPart } from '../format';
import type { EvidenceProblem } from './problem';
import type { Parts } from './sort-parts';

export interface CheckpointFindings {
  readonly problems: readonly EvidenceProblem[];
  readonly verified: readonly string[];
  readonly notVerified: readonly string[];
}

/** `known`: checkpoints that were kept elsewhere; null: nobody has brought any. */
export function checkpointFindings(parts: Parts, known: readonly Checkpoint[] | null): CheckpointFindings {
  const [proof] = parts.checkpoints;
  if (proof === undefined) {
    const missing = 'no checkpoint is in the file: that the installation keeps no other version of this journal';
    return { problems: known === null ? [] : [unproven], verified: [], notVerified: [missing] };
  }
  const problems = [...problemsOf(parts, proof), ...(known === null ? [] : strangerProblems(proof.checkpoint, known))];
  return { problems, ...told(parts, proof, known !== null) };
}

/** Whoever leaves the proof out must not be better off than whoever brings one that does not fit. */
const unproven = problem(
  'missing',
  'Cannot find a checkpoint in the file: it is not shown that those that were kept elsewhere cover this journal',
);

function* problemsOf(parts: Parts, proof: CheckpointPart): Generator<EvidenceProblem> {
  const { checkpoint, leaf } = proof;
  const name = `checkpoint ${checkpoint.number}`;
  const found = proofProblem(proof);
  if (found !== null) yield problem('changed', `Cannot verify ${name}: ${found}`);
  const [header] = parts.headers;
  const [trailer] = parts.trailers;
  if (trailer !== undefined && trailer.publicKey !== checkpoint.publicKey)
    yield problem('unsigned', `Cannot verify ${name}: another key has signed it than the file`);
  if (header !== undefined && header.installation !== checkpoint.installation)
    yield problem('contradiction', `Cannot verify ${name}: it is of installation ${checkpoint.installation}`);
  if (header !== undefined && header.stream !== leaf.stream)
    yield problem('contradiction', `Cannot verify ${name}: it covers the stream "${leaf.stream}"`);
  const entry = parts.entries.find(({ seq }) => seq === leaf.count);
  if (entry?.hash === leaf.head) return;
  const message = `Cannot verify entry ${leaf.count}: ${name} has another hash of it`;
  yield { line: null, seq: leaf.count, kind: 'changed', message };
}

/** The same number with another root: the installation has shown two histories. */
function* strangerProblems(checkpoint: Checkpoint, known: readonly Checkpoint[]): Generator<EvidenceProblem> {
  const same = known.find(
    ({ number, installation }) => number === checkpoint.number && installation === checkpoint.installation,
  );
  if (same === undefined)
    yield problem(
      'missing',
      `Cannot find checkpoint ${checkpoint.number}: it is not among those that were kept elsewhere`,
    );
  else if (same.root !== checkpoint.root || same.size !== checkpoint.size)
    yield problem(
      'contradiction',
      `Cannot verify checkpoint ${checkpoint.number}: what was kept elsewhere has another root`,
    );
}

function told(
  { trailers: [trailer] }: Parts,
  { checkpoint, leaf, stamp }: CheckpointPart,
  isKnown: boolean,
): Omit<CheckpointFindings, 'problems'> {
  const later = (trailer?.count ?? 0) - leaf.count;
  const at = new Date(checkpoint.at).toISOString();
  return {
    verified: [
      `entries 1 to ${leaf.count} are in checkpoint ${checkpoint.number} of ${at}, among ${checkpoint.size} states of journals`,
      ...(isKnown ? ['that checkpoint is one of those that were kept elsewhere'] : []),
    ],
    notVerified: [
      ...(later > 0
        ? [`${later} entries are later than the checkpoint: only the file's own signature covers them`]
        : []),
      ...(isKnown ? [] : ['that the checkpoint is the one that others have seen: compare it with --checkpoints FILE']),
      'that no other state of this journal was covered before or since: the file alone does not show it',
      ...(stamp === null
        ? []
        : ['the time stamp (RFC 3161) in it: take it out with --stamp PREFIX, and check it with openssl']),
    ],
  };
}

function problem(kind: EvidenceProblem['kind'], message: string): EvidenceProblem {
  return { line: null, seq: null, kind, message };
}
