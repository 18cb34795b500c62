import { createHash } from 'node:crypto';

import { isSignedBy } from '../../../platform/store/signing-key';
import { verifyChain } from '../../../platform/store/verify';
import { canonicalJson } from '../../../workflows/domain/canonical-json';
import { signedOf } from '../format';
import type { EvidenceHeader, TrailerPart } from '../format';
import type { EvidenceSummary } from '../summary';
import { contentProblems } from './contents';
import { checkpointFindings } from './checkpoint-findings';
import { findings } from './findings';
import { readLines } from './lines';
import type { EvidenceProblem } from './problem';
import { sortParts } from './sort-parts';
import type { Parts } from './sort-parts';
import type { Trust } from './trust';

export type EvidenceVerdict =
  | {
      readonly ok: true;
      readonly header: EvidenceHeader;
      readonly count: number;
      readonly head: string;
      readonly publicKey: string;
      readonly summary: EvidenceSummary;
      /** What was looked at and holds, and what nobody can tell from this file: sentences. */
      readonly verified: readonly string[];
      readonly notVerified: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly EvidenceProblem[] };

/** Checks a whole file of evidence, with nothing else at hand than what is trusted. */
export function verifyEvidence(text: string, trust: Trust = {}): EvidenceVerdict {
  const { parts, problems } = sortParts(readLines(text));
  const [header] = parts.headers;
  const [trailer] = parts.trailers;
  const [summary] = parts.summaries;
  const found = [
    ...problems,
    ...chainProblems(parts),
    ...foreignEntries(parts),
    ...(header === undefined || trailer === undefined ? [] : trailerProblems(text, { header, trailer, trust })),
    ...contentProblems(parts),
    ...checkpointFindings(parts, trust.checkpoints ?? null).problems,
  ].toSorted(byPlace);
  if (header === undefined || trailer === undefined || summary === undefined || found.length > 0)
    return { ok: false, problems: found };
  return {
    ok: true,
    header,
    count: trailer.count,
    head: trailer.head,
    publicKey: trailer.publicKey,
    summary,
    ...findings(parts, trust),
  };
}

/** Entries first: what was done to one of them is more telling than that a digest over all does not fit. */
function byPlace(one: EvidenceProblem, other: EvidenceProblem): number {
  return (one.seq ?? Infinity) - (other.seq ?? Infinity) || (one.line ?? Infinity) - (other.line ?? Infinity) || 0;
}

function chainProblems({ entries, trailers: [trailer] }: Parts): readonly EvidenceProblem[] {
  const expected = trailer === undefined ? undefined : { count: trailer.count, hash: trailer.head };
  const verdict = verifyChain(entries, expected);
  if (verdict.ok) return [];
  return verdict.problems.map(({ seq, kind, message }) => ({ line: null, seq, kind, message }));
}

/** Entries of another stream than the first are named by the chain; here all of them may be of another than the header says. */
function foreignEntries({ headers: [header], entries: [first] }: Parts): readonly EvidenceProblem[] {
  if (header === undefined || first === undefined || first.stream === header.stream) return [];
  const message = `Cannot place entry ${first.seq} "${first.key}": it is of the stream "${first.stream}"`;
  return [{ line: null, seq: first.seq, kind: 'added', message }];
}

interface Sealed {
  readonly header: EvidenceHeader;
  readonly trailer: TrailerPart;
  readonly trust: Trust;
}

function* trailerProblems(text: string, { header, trailer, trust }: Sealed): Generator<EvidenceProblem> {
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  const before = text.slice(0, end);
  const line = before.split('\n').length;
  if (trailer.lines !== line - 1)
    yield sealProblem(
      line,
      'missing',
      `Cannot verify the file: ${line - 1} lines are before the trailer, not ${trailer.lines}`,
    );
  if (createHash('sha256').update(before, 'utf8').digest('hex') !== trailer.digest)
    yield sealProblem(line, 'changed', 'Cannot verify the file: its digest is not the one in the trailer');
  if (trust.key !== undefined && trust.key.trim() !== trailer.publicKey.trim())
    yield sealProblem(line, 'unsigned', 'Cannot verify signature: it is by another key than the trusted one');
  if (!isSignedBy(canonicalJson(signedOf(header, trailer)), trailer.signature, trailer.publicKey))
    yield sealProblem(line, 'unsigned', 'Cannot verify signature: it does not fit this file');
}

function sealProblem(line: number, kind: EvidenceProblem['kind'], message: string): EvidenceProblem {
  return { line, seq: null, kind, message };
}
