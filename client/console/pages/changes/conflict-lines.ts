import type { Conflict } from '../../../../workflows/domain/conflict-kind';

/** What of a conflict people look for: what is met, whose it is, and when it would go. */
export interface ConflictLine {
  readonly kind: string;
  readonly severity: string;
  /** Items that meet the same, or the person. */
  readonly what: readonly string[];
  /** Named when the other change works on a parent or a child of it. */
  readonly through: string | null;
  /** The other change; null: a calendar is closed. */
  readonly change: string | null;
  readonly owner: string | null;
  /** The closed calendar. */
  readonly calendar: string | null;
  readonly during: Stretch | null;
  /** Null: not free as far as was looked. */
  readonly nextFree: Stretch | null;
}

export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Conflicts are journaled as JSON, one for each item; what meets the same is one line. */
export function conflictLines(conflicts: unknown): readonly ConflictLine[] {
  if (!Array.isArray(conflicts)) return [];
  const lines = new Map<string, ConflictLine>();
  for (const conflict of conflicts.filter(isRecord)) {
    const line = lineOf(conflict);
    const key = JSON.stringify({ ...line, what: [] });
    const known = lines.get(key);
    lines.set(key, known === undefined ? line : { ...known, what: [...known.what, ...line.what] });
  }
  return [...lines.values()];
}

function lineOf(conflict: JsonRecord): ConflictLine {
  const closing = recordAt(conflict, 'closing');
  const what = textAt(conflict, 'item') ?? textAt(conflict, 'person') ?? '';
  const through = textAt(conflict, 'through');
  return {
    kind: textAt(conflict, 'kind') ?? '',
    severity: textAt(conflict, 'severity') ?? '',
    what: [what],
    through: through === what ? null : through,
    change: textAt(conflict, 'change'),
    owner: textAt(conflict, 'owner'),
    calendar: closing === null ? null : textAt(closing, 'calendar'),
    during: stretchAt(conflict, 'during'),
    nextFree: stretchAt(conflict, 'nextFree'),
  };
}

const kindTexts: { readonly [K in Conflict['kind']]: string } = {
  'item-scheduled': 'another change works on it',
  'item-outside-window': 'outside of its maintenance window',
  'item-blackout': 'frozen',
  'parent-scheduled': 'another change works on what needs it',
  'parent-outside-window': 'outside of the maintenance window of what needs it',
  'parent-blackout': 'what needs it is frozen',
  'child-scheduled': 'another change works on what it needs',
  'child-outside-window': 'outside of the maintenance window of what it needs',
  'child-blackout': 'what it needs is frozen',
  'assignee-scheduled': 'wanted elsewhere at that time',
};

export function conflictText(kind: string): string {
  const known = Object.entries(kindTexts).find(([name]) => name === kind);
  return known === undefined ? kind : known[1];
}

type JsonRecord = { readonly [key: string]: unknown };

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textAt(record: JsonRecord, key: string): string | null {
  const value = record[key];
  return typeof value === 'string' ? value : null;
}

function recordAt(record: JsonRecord, key: string): JsonRecord | null {
  const value = record[key];
  return isRecord(value) ? value : null;
}

function stretchAt(record: JsonRecord, key: string): Stretch | null {
  const value = recordAt(record, key);
  const [startMs, endMs] = [value?.['startMs'], value?.['endMs']];
  return typeof startMs === 'number' && typeof endMs === 'number' ? { startMs, endMs } : null;
}
