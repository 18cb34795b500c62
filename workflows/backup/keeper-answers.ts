import type { BackupReply } from './messages';

/** `operation`: the one that was asked for; null: the act needs none. */
export function accept(operation: string | null, warnings: readonly string[] = []): BackupReply {
  return { accepted: true, operation, warnings };
}

export function refuse(code: string, reason: string): BackupReply {
  return { accepted: false, code, reason };
}
