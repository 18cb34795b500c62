import type { EvidenceFile } from './read';
import { problem } from './problem';
import type { EvidenceProblem, ProblemKind } from './problem';
import type { Trust } from './trust';

/** One look at a file: what does not fit, what holds, and what stays open because nobody can tell it from this file. */
export type Check = (file: EvidenceFile, trust: Trust) => Iterable<Finding>;

export type Finding =
  | { readonly kind: 'wrong'; readonly problem: EvidenceProblem }
  | { readonly kind: 'holds'; readonly says: string }
  | ({ readonly kind: 'open' } & Unverified);

export interface Unverified {
  readonly says: string;
  /** Members of the file that have the word of the installation only, as `header.name`; empty: it is not in the file. */
  readonly members: readonly string[];
}

export function wrong(kind: ProblemKind, message: string, seq: number | null = null): Finding {
  return { kind: 'wrong', problem: problem(kind, message, { seq }) };
}

export function holds(says: string): Finding {
  return { kind: 'holds', says };
}

export function open(says: string, ...members: readonly string[]): Finding {
  return { kind: 'open', says, members };
}
