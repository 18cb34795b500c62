import type { EvidenceHeader } from '../format';
import type { EvidenceSummary } from '../summary';
import { checkpoint, children, states } from './checkpoint-checks';
import type { Check, Unverified } from './finding';
import { journal, outputs, plans, redactions, seal, votes, words } from './journal-checks';
import type { Bytes } from './lines';
import type { EvidenceProblem } from './problem';
import { readEvidence } from './read';
import type { Trust } from './trust';

export type EvidenceVerdict =
  | {
      readonly ok: true;
      readonly header: EvidenceHeader;
      readonly count: number;
      readonly head: string;
      readonly publicKey: string;
      readonly summary: EvidenceSummary;
      /** What was looked at and holds, and what nobody can tell from this file. */
      readonly verified: readonly string[];
      readonly notVerified: readonly Unverified[];
    }
  | { readonly ok: false; readonly problems: readonly EvidenceProblem[] };

/** Everything that is looked at, in the order in which it is told. */
const checks: readonly Check[] = [
  journal,
  redactions,
  plans,
  votes,
  outputs,
  checkpoint,
  states,
  children,
  seal,
  words,
];

/** Checks a whole file of evidence, with nothing else at hand than what is trusted. */
export function verifyEvidence(bytes: Bytes, trust: Trust = {}): EvidenceVerdict {
  const { file, problems } = readEvidence(bytes);
  if (file === null) return { ok: false, problems: problems.toSorted(byPlace) };
  const findings = checks.flatMap((check) => [...check(file, trust)]);
  const found = [...problems, ...findings.flatMap((one) => (one.kind === 'wrong' ? [one.problem] : []))];
  if (found.length > 0) return { ok: false, problems: found.toSorted(byPlace) };
  const { header, summary, trailer } = file;
  return {
    ok: true,
    header,
    count: trailer.count,
    head: trailer.head,
    publicKey: trailer.publicKey,
    summary,
    verified: findings.flatMap((one) => (one.kind === 'holds' ? [one.says] : [])),
    notVerified: findings.flatMap((one) => (one.kind === 'open' ? [{ says: one.says, members: one.members }] : [])),
  };
}

/** Entries first: what was done to one of them is more telling than that a digest over all does not fit. */
function byPlace(one: EvidenceProblem, other: EvidenceProblem): number {
  return (one.seq ?? Infinity) - (other.seq ?? Infinity) || (one.line ?? Infinity) - (other.line ?? Infinity) || 0;
}
