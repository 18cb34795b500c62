import type { JournalEntry } from '../../../workflows/domain/journal';
import type { JournalTable } from '../schema';

/** The kinds of entries that some table is made of; all others are history only. */
export const foldedKinds = {
  'run.created': true,
  'run.started': true,
  'run.state': true,
  'run.ended': true,
  'step.started': true,
  'step.ended': true,
  'host.ended': true,
  'task.opened': true,
  'task.refused': true,
  'task.asked': true,
  'task.delegated': true,
  'approval.event': true,
  'vote.cast': true,
  'task.closed': true,
  'lock.requested': true,
  'lock.withdrawn': true,
  'lock.granted': true,
  'lock.released': true,
  'lock.orphaned': true,
  'definition.published': true,
  'preferences.set': true,
  'login.bound': true,
  'login.unbound': true,
} as const;

export type FoldedKind = keyof typeof foldedKinds;

export type FoldEntry = { [K in FoldedKind]: JournalEntry<K> & { readonly seq: number } }[FoldedKind];

/**
 * Reads what was stored, also while it is being appended: a fold must see the same value the first time and at a rebuild.
 * Null for kinds that no table is made of, and for redacted entries.
 */
export function foldEntry(
  row: Omit<JournalTable, 'stream' | 'request' | 'payload_digest' | 'prev' | 'hash' | 'salt'>,
): FoldEntry | null {
  const { key, kind, at, actor, via, seq } = row;
  if (!isFolded(kind) || row.payload === null) return null;
  return { key, kind, at, actor, via, seq, payload: JSON.parse(row.payload) };
}

function isFolded(kind: string): kind is FoldedKind {
  return Object.hasOwn(foldedKinds, kind);
}
