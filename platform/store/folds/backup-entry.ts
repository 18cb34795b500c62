import type { JournalEntry } from '../../../workflows/domain/journal';
import type { JournalTable } from '../schema';

/** The kinds of entries that the tables of backups are made of. */
const backupKinds = {
  'backup.kept': true,
  'backup.opened': true,
  'backup.state': true,
  'backup.set': true,
  'backup.manifest': true,
  'backup.success': true,
  'backup.level': true,
  'backup.replicated': true,
  'backup.broken': true,
  'backup.pinned': true,
  'backup.expiring': true,
  'backup.pruned': true,
  'backup.held': true,
  'backup.released': true,
  'backup.alarm': true,
  'backup.measured': true,
  'backup.verdict': true,
  'backup.ended': true,
} as const;

type BackupEntryKind = keyof typeof backupKinds;

export type BackupEntry = { [K in BackupEntryKind]: JournalEntry<K> }[BackupEntryKind];

/** Null for other kinds, and for redacted entries. */
export function backupEntry(
  row: Pick<JournalTable, 'key' | 'kind' | 'at' | 'actor' | 'via' | 'payload'>,
): BackupEntry | null {
  const { key, kind, at, actor, via, payload } = row;
  if (!isOfBackup(kind) || payload === null) return null;
  return { key, kind, at, actor, via, payload: JSON.parse(payload) };
}

function isOfBackup(kind: string): kind is BackupEntryKind {
  return Object.hasOwn(backupKinds, kind);
}
