import type { Checkpoint } from '../../../platform/store/checkpoint';
import { checkpointProblem } from '../../../platform/store/checkpoint';
import { readLines } from './lines';
import { isCheckpoint } from './parts';
import type { EvidenceProblem } from './problem';

export type CheckpointFile =
  | { readonly ok: true; readonly checkpoints: readonly Checkpoint[] }
  | { readonly ok: false; readonly problems: readonly EvidenceProblem[] };

/**
 * A file of checkpoints, one a line, oldest first. Every one must be signed, and must be the one before it, grown: whoever has kept
 * a line knows that all that was covered then is covered still. The file may begin with any of them.
 */
export function readCheckpointFile(text: string, trustedKey?: string): CheckpointFile {
  const problems: EvidenceProblem[] = [];
  const checkpoints: Checkpoint[] = [];
  for (const line of readLines(text)) {
    if (!line.ok || !isCheckpoint(line.value)) {
      const found = line.ok ? 'it is no checkpoint' : line.found;
      problems.push(problemAt(line.number, 'unreadable', `Cannot read line ${line.number}: ${found}`));
      continue;
    }
    const before = checkpoints.at(-1);
    // Two processes have added the same line: nothing is wrong with that.
    if (before?.number === line.value.number && before.signature === line.value.signature) continue;
    const found = problemOf(line.value, before, trustedKey);
    const name = `checkpoint ${line.value.number}`;
    if (found !== null) problems.push(problemAt(line.number, 'changed', `Cannot verify ${name}: ${found}`));
    checkpoints.push(line.value);
  }
  return problems.length === 0 ? { ok: true, checkpoints } : { ok: false, problems };
}

function problemOf(checkpoint: Checkpoint, before: Checkpoint | undefined, trustedKey?: string): string | null {
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

function problemAt(line: number, kind: EvidenceProblem['kind'], message: string): EvidenceProblem {
  return { line, seq: null, kind, message };
}
