import type { JournalEntry } from '../../../workflows/domain/journal';
import type { JournalTable } from '../schema';

/** The kinds of entries that the table of changes is made of. */
const changeKinds = {
  'change.opened': true,
  'change.edited': true,
  'change.planned': true,
  'change.assessed': true,
  'change.scheduled': true,
  'change.state': true,
  'change.conflicts': true,
  'change.flagged': true,
  'change.review': true,
  'change.ended': true,
} as const;

type ChangeKind = keyof typeof changeKinds;

export type ChangeEntry = { [K in ChangeKind]: JournalEntry<K> }[ChangeKind];

/** Null for other kinds, and for redacted entries. */
export function changeEntry(
  row: Pick<JournalTable, 'key' | 'kind' | 'at' | 'actor' | 'via' | 'payload'>,
): ChangeEntry | null {
  const { key, kind, at, actor, via, payload } = row;
  if (!isOfChange(kind) || payload === null) return null;
  return { key, kind, at, actor, via, payload: JSON.parse(payload) };
}

function isOfChange(kind: string): kind is ChangeKind {
  return Object.hasOwn(changeKinds, kind);
}
