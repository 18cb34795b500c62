import type { Checkpoint } from '../../../platform/store/checkpoint';
import { checkpointProblem } from '../../../platform/store/checkpoint';
import { readLines } from './lines';
import type { Bytes } from './lines';
import { isCheckpoint } from './parts';
import { problem } from './problem';
import type { EvidenceProblem } from './problem';

export type CheckpointFile =
  | { readonly ok: true; readonly checkpoints: readonly Checkpoint[] }
  | { readonly ok: false; readonly problems: readonly EvidenceProblem[] };

/**
 * A file of checkpoints, one a line, oldest first. Every one must be signed, and must be the one before it, grown: whoever has kept
 * a line knows that all that was covered then is covered still. The file may begin with any of them.
 */
export function readCheckpointFile(bytes: Bytes, trustedKey?: string): CheckpointFile {
  const problems: EvidenceProblem[] = [];
  const checkpoints: Checkpoint[] = [];
  for (const { number: line, content } of readLines(bytes)) {
    if (!content.ok || !isCheckpoint(content.value)) {
      const found = content.ok ? 'it is no checkpoint' : content.found;
      problems.push(problem('unreadable', `Cannot read line ${line}: ${found}`, { line }));
      continue;
    }
    const checkpoint = content.value;
    const before = checkpoints.at(-1);
    // Two processes have added the same line: nothing is wrong with that.
    if (before?.number === checkpoint.number && before.signature === checkpoint.signature) continue;
    const found = flawOf(checkpoint, before, trustedKey);
    if (found !== null)
      problems.push(problem('changed', `Cannot verify checkpoint ${checkpoint.number}: ${found}`, { line }));
    checkpoints.push(checkpoint);
  }
  return problems.length === 0 ? { ok: true, checkpoints } : { ok: false, problems };
}

function flawOf(checkpoint: Checkpoint, before: Checkpoint | undefined, trustedKey?: string): string | null {
  const { previous, number, installation, publicKey } = checkpoint;
  if (trustedKey !== undefined && trustedKey.trim() !== publicKey.trim())
    return 'it is by another key than the trusted one';
  const found = checkpointProblem(checkpoint);
  if (found !== null || before === undefined) return found;
  if (before.installation !== installation) return 'it is of another installation than the one before it';
  if (before.number + 1 !== number) return `the one before it is ${before.number}`;
  return previous.size === before.size && previous.root === before.root
    ? null
    : 'it has not grown from the one before it';
}
