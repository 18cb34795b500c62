import type { TaskDelegation } from '../store';
import type { FoldEntry } from './entry';

export interface GivenDelegation extends TaskDelegation {
  /** How the keys of all entries about it begin. */
  readonly key: string;
}

export function withGiven(
  given: readonly GivenDelegation[] = [],
  entry: Extract<FoldEntry, { readonly kind: 'task.delegated' }>,
): readonly GivenDelegation[] {
  const { from, to, until } = entry.payload;
  return [...given, { key: answerKey(entry), from, to, until }];
}

/** It was journaled before it was to count (D9), and then did not: what was there before it holds again. */
export function withoutRefused(
  given: readonly GivenDelegation[],
  entry: Extract<FoldEntry, { readonly kind: 'task.refused' }>,
): readonly GivenDelegation[] {
  // Somebody else may have come with its id: that says nothing of it.
  const { actor } = entry.payload.answer;
  return given.filter(({ key, from }) => key !== answerKey(entry) || from !== actor);
}

/** The same person gives it to one at a time; to oneself, it is taken back. */
export function delegatedIn(given: readonly GivenDelegation[] = []): readonly TaskDelegation[] {
  const newest = new Map(given.map(({ from, to, until }) => [from, { from, to, until }] as const));
  return [...newest.values()].filter(({ from, to }) => from !== to);
}

/** Of the entries of one answer only the end tells which it is. */
function answerKey({ key, kind }: Pick<FoldEntry, 'key' | 'kind'>): string {
  return key.slice(0, -kind.length);
}
