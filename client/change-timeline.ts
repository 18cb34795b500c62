import type { JournalEntry } from '../workflows/domain/journal';
import type { StoredEntry } from '../platform/store/store';
import { approvalText, isoMinute } from './approval-timeline';

/** What happened to a change, for people; the journal has it in full. */
export interface TimelineEntry {
  readonly at: number;
  readonly actor: string;
  readonly text: string;
}

/** The kinds that are told; the rest is bookkeeping. */
export const toldKinds = [
  'change.opened',
  'change.edited',
  'change.planned',
  'change.assessed',
  'change.scheduled',
  'change.state',
  'change.act',
  'change.conflicts',
  'change.calendars',
  'change.steered',
  'change.duty',
  'change.flagged',
  'change.review',
  'approval.event',
  'task.closed',
] as const;

type ToldKind = (typeof toldKinds)[number];
type ToldEntry = { [K in ToldKind]: JournalEntry<K> }[ToldKind];

/** In the order of the journal. */
export function changeTimeline(stored: readonly StoredEntry[]): readonly TimelineEntry[] {
  const tell = timelineTeller();
  return stored.map(tell).filter((told) => told !== null);
}

/** Told entry by entry; null for what is only said again. */
export function timelineTeller(): (stored: StoredEntry) => TimelineEntry | null {
  const last = new Map<string, string>();
  return (stored) => {
    const entry = toldEntry(stored);
    const text = entry === null ? null : textOf(entry);
    if (text === null || last.get(stored.kind) === text) return null;
    if (repeated.has(stored.kind)) last.set(stored.kind, text);
    return { at: stored.at, actor: stored.actor, text };
  };
}

/** Looked at again and again while a change waits. */
const repeated: ReadonlySet<string> = new Set([
  'change.conflicts',
  'change.calendars',
  'change.planned',
  'change.assessed',
]);

function toldEntry({ key, kind, at, actor, via, payload }: StoredEntry): ToldEntry | null {
  if (!isTold(kind) || payload === null) return null;
  const entry: ToldEntry = { key, kind, at, actor, via, payload: JSON.parse(payload) };
  return entry;
}

function isTold(kind: string): kind is ToldKind {
  return toldKinds.some((known) => known === kind);
}

/** Null: nothing that people want to be told. */
function textOf({ kind, payload }: ToldEntry): string | null {
  switch (kind) {
    case 'change.opened':
      return `opened as CHG-${payload.number} with the model ${payload.model}`;
    case 'change.edited':
      return payload.material ? `edited, approvals are void: ${payload.difference.join('; ')}` : 'edited';
    case 'change.planned':
      return `planned: ${payload.definition} on ${payload.hosts} hosts, plan ${payload.planHash}`;
    case 'change.assessed':
      return `assessed as ${payload.risk} (score ${payload.score})`;
    case 'change.scheduled':
      return `scheduled from ${isoMinute(payload.startMs)} to ${isoMinute(payload.endMs)}: ${payload.reason}`;
    case 'change.state':
      // The first state comes from nowhere, and with the opening.
      if (payload.from === '') return null;
      return `${payload.from} → ${payload.to}${payload.reason === '' ? '' : `: ${payload.reason}`}`;
    case 'change.act':
      return payload.accepted ? null : `${payload.action} refused: ${payload.reason}`;
    case 'change.conflicts':
      return payload.verdict === 'clear' ? null : `conflicts (${payload.at}): ${payload.verdict}`;
    case 'change.calendars':
      return payload.verdict === 'proceed' ? null : `calendars (${payload.at}): ${payload.verdict}`;
    case 'change.steered':
      return `run: ${payload.action}${payload.wave === null ? '' : ` ${payload.wave}`}: ${payload.reason}`;
    case 'change.duty':
      return payload.choice === null ? 'the duty manager is asked' : `duty decision: ${payload.choice}`;
    case 'change.flagged':
      return `flagged ${payload.flag}: ${payload.reason}`;
    case 'change.review':
      return `reviewed as ${payload.outcome}${payload.text === '' ? '' : `: ${payload.text}`}`;
    case 'approval.event':
      return approvalText(payload.event);
    case 'task.closed':
      return payload.reason === 'due'
        ? `nobody answered in time: ${payload.choice === '' ? 'nothing' : payload.choice}`
        : null;
  }
}
