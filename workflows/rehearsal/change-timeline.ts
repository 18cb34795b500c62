import type { AnyJournalEntry, JournalEntry, JournalKind } from '../domain/journal';

export type ChangeEntry = { [K in Extract<JournalKind, `change.${string}`>]: JournalEntry<K> }[Extract<
  JournalKind,
  `change.${string}`
>];

export function isChangeEntry(entry: AnyJournalEntry): entry is ChangeEntry {
  return entry.kind.startsWith('change.');
}

/** One line of a change's own facts; null: of no interest to somebody who reads along. */
export function changeText(entry: ChangeEntry): string | null {
  switch (entry.kind) {
    case 'change.state': {
      const { from, to, reason } = entry.payload;
      return from === '' ? `change ${reason}` : `change ${from} → ${to}: ${reason}`;
    }
    case 'change.edited':
      return `edited (${entry.payload.material ? 'material' : 'editorial'})${lines(entry.payload.difference)}`;
    case 'change.assessed':
      return `risk ${entry.payload.risk} (score ${entry.payload.score})`;
    case 'change.scheduled': {
      const { startMs, endMs, reason } = entry.payload;
      return `window ${new Date(startMs).toISOString()} to ${new Date(endMs).toISOString()}: ${reason}`;
    }
    case 'change.act': {
      const { action, accepted, reason, problems } = entry.payload;
      return accepted ? `${entry.actor}: ${action}` : `${entry.actor}: ${action} refused: ${reason}${lines(problems)}`;
    }
    case 'change.conflicts':
      return entry.payload.verdict === 'clear' ? null : `conflicts at ${entry.payload.at}: ${entry.payload.verdict}`;
    case 'change.calendars':
      return entry.payload.verdict === 'proceed' ? null : `calendars (${entry.payload.at}): ${entry.payload.verdict}`;
    case 'change.steered':
      return `run: ${entry.payload.action}${entry.payload.wave === null ? '' : ` (wave ${entry.payload.wave})`}: ${entry.payload.reason}`;
    case 'change.duty':
      return entry.payload.choice === null ? 'duty manager asked' : `duty: ${entry.payload.choice}`;
    case 'change.flagged':
      return `flag ${entry.payload.flag}: ${entry.payload.reason}`;
    case 'change.review':
      return `reviewed: ${entry.payload.outcome}`;
    case 'change.ended':
      return `change ended: ${entry.payload.outcome}`;
    case 'change.opened':
    case 'change.planned':
      return null;
  }
}

function lines(all: readonly string[]): string {
  return all.length === 0 ? '' : ` [${all.join('; ')}]`;
}
