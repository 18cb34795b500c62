// mainstay-verify FILE [--key PUBLIC.pem] [--checkpoints FILE] [--stamp PREFIX] [--json]
//
// Verifies a file of evidence, or a file of checkpoints, without Mainstay, without a network, and with Node.js alone.
// Exit code: 0 it holds, 1 it does not, 2 misuse.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { checkpointText } from '../../../platform/store/checkpoint';
import { readCheckpointFile } from './checkpoint-file';
import { bytesOf, readLines } from './lines';
import { isCheckpoint, isPart } from './parts';
import { placeOf } from './problem';
import type { EvidenceProblem } from './problem';
import type { Trust } from './trust';
import { verifyEvidence } from './verify';
import type { EvidenceVerdict } from './verify';

const usage = 'usage: mainstay-verify FILE [--key PUBLIC.pem] [--checkpoints FILE] [--stamp PREFIX] [--json]';

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      checkpoints: { type: 'string' },
      stamp: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Error('Cannot verify: expected one file');
  const key = values.key === undefined ? {} : { key: readFileSync(values.key, 'utf8') };
  const verdict = isOfCheckpoints(file) ? ofCheckpoints(file, key) : ofEvidence(file, key, values.checkpoints);
  if (values.json === true) say(JSON.stringify(verdict, null, 2));
  else for (const line of linesOf(verdict)) say(line);
  if (verdict.ok && values.stamp !== undefined) writeStamp(file, values.stamp);
  return verdict.ok ? 0 : 1;
}

function isOfCheckpoints(file: string): boolean {
  for (const { content } of readLines(bytesOf(file))) return content.ok && isCheckpoint(content.value);
  return false;
}

/** What was stamped and its stamp, for `openssl ts -verify -data PREFIX.txt -in PREFIX.tsr -CAfile AUTHORITY.pem`. */
function writeStamp(file: string, prefix: string): void {
  for (const { content } of readLines(bytesOf(file))) {
    const part: unknown = content.ok ? content.value : null;
    if (!isPart('checkpoint', part) || part.stamp === null) continue;
    writeFileSync(`${prefix}.txt`, checkpointText(part.checkpoint));
    writeFileSync(`${prefix}.tsr`, Buffer.from(part.stamp, 'base64'));
    return;
  }
  throw new Error('Cannot write the stamp: the file has none');
}

type Verdict = EvidenceVerdict | CheckpointsVerdict;
type CheckpointsVerdict = { readonly ok: true; readonly checkpoints: number; readonly newest: string };

function ofEvidence(file: string, key: Pick<Trust, 'key'>, checkpointsFile: string | undefined): Verdict {
  if (checkpointsFile === undefined) return verifyEvidence(bytesOf(file), key);
  const kept = readCheckpointFile(bytesOf(checkpointsFile), key.key);
  return kept.ok ? verifyEvidence(bytesOf(file), { ...key, checkpoints: kept.checkpoints }) : kept;
}

function ofCheckpoints(file: string, { key }: Pick<Trust, 'key'>): Verdict {
  const kept = readCheckpointFile(bytesOf(file), key);
  if (!kept.ok) return kept;
  const newest = kept.checkpoints.at(-1);
  return { ok: true, checkpoints: kept.checkpoints.length, newest: newest?.root ?? '' };
}

function linesOf(verdict: Verdict): readonly string[] {
  if (!verdict.ok) return failed(verdict.problems);
  if ('checkpoints' in verdict) return [`verified: ${verdict.checkpoints} checkpoints, newest root ${verdict.newest}`];
  const { header, count, head, verified, notVerified } = verdict;
  const at = new Date(header.exportedAt).toISOString();
  return [
    `verified: ${header.name} (${header.stream}), ${count} entries, head ${head}`,
    `  written ${at} by Mainstay ${header.mainstay}, installation ${header.installation}`,
    ...verified.map((line) => `  holds: ${line}`),
    ...notVerified.map(({ says }) => `  not verified: ${says}`),
  ];
}

function failed(problems: readonly EvidenceProblem[]): readonly string[] {
  const broken = problems.find(({ seq }) => seq !== null);
  return [
    `NOT VERIFIED: ${problems.length} problem${problems.length === 1 ? '' : 's'}`,
    ...(broken === undefined ? [] : [`  first broken entry: ${broken.seq}`]),
    ...problems.map((problem) => `  ${placeOf(problem)} ${problem.kind}: ${problem.message}`),
  ];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 2;
}
