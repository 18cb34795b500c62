import { parseDuration } from '../../workflows/domain/duration';
import type { CalendarHappening } from '../kinds/calendar';
import type { DocumentPath } from '../problems';
import type { CalendarEvent, EventLength } from './event';
import { note } from './reading';
import type { Reading } from './reading';
import { hitsStart } from './recurrence';
import { parseRule } from './rule';
import type { RecurrenceRule } from './rule';
import { formatDate, parseLocalTime, wallDayMs } from './wall-time';
import type { WallMs } from './wall-time';

export function lengthOf(
  reading: Reading,
  { happening, start }: { readonly happening: CalendarHappening; readonly start: WallMs },
  path: DocumentPath,
): EventLength | null {
  const { end, length } = happening;
  if ((end === undefined) === (length === undefined)) {
    const message =
      `Cannot use the event "${happening.id}": it has ${end === undefined ? 'neither' : 'both'} "end" and "length"`.replace(
        'neither "end" and',
        'neither "end" nor',
      );
    note(reading, path, {
      code: end === undefined ? 'MISSING_KEY' : 'INVALID_VALUE',
      message,
      hint: 'Give it one of the two.',
    });
    return null;
  }
  if (length !== undefined) return spanLength(reading, length, [...path, 'length']);
  const wall = parseLocalTime(end ?? '');
  return wall === null ? null : between(reading, { start, end: wall }, [...path, 'end']);
}

/** The end stays where the clock shows it, however long that takes. */
export function between(
  reading: Reading,
  of: { readonly start: WallMs; readonly end: WallMs },
  path: DocumentPath,
): EventLength | null {
  const wallMs = of.end - of.start;
  if (wallMs > 0) return { wallMs, elapsedMs: 0 };
  note(reading, path, {
    message: 'Cannot use the end: it is not after the start',
    hint: 'Let it end after it starts.',
  });
  return null;
}

export function spanLength(reading: Reading, text: string, path: DocumentPath): EventLength | null {
  const parsed = parseDuration(text);
  if (parsed.kind === 'ms' && parsed.ms > 0) return { wallMs: 0, elapsedMs: parsed.ms };
  if (parsed.kind === 'days' && parsed.days > 0) return { wallMs: parsed.days * wallDayMs, elapsedMs: 0 };
  note(reading, path, { code: 'OUT_OF_RANGE', message: `Cannot use the length "${text}": it is no time`, found: text });
  return null;
}

export interface Rules {
  readonly rules: readonly RecurrenceRule[];
}

export function ruleOf(
  reading: Reading,
  { text, start }: { readonly text: string | undefined; readonly start: WallMs },
  path: DocumentPath,
): Rules | null {
  if (text === undefined) return { rules: [] };
  const parsed = parseRule(text);
  if (!parsed.ok) {
    const message = `Cannot use the rule "${text}": ${parsed.reason}`;
    note(reading, path, { code: 'INVALID_RRULE', message, found: text });
    return null;
  }
  if (hitsStart(parsed.rule, start)) return { rules: [parsed.rule] };
  const message = `Cannot use the rule "${text}": ${formatDate(start)}, when the event starts, is not one of its days`;
  note(reading, path, {
    code: 'INVALID_RRULE',
    message,
    found: text,
    hint: 'Let it start at the first time that the rule gives.',
  });
  return null;
}

export function exceptionsOf({ zone }: Reading, texts: readonly string[] | undefined): readonly number[] {
  return (texts ?? []).flatMap((text) => {
    const wall = parseLocalTime(text);
    return wall === null ? [] : [zone.instantOf(wall)];
  });
}

export function once(
  { zone }: Reading,
  start: WallMs,
): Pick<CalendarEvent, 'zone' | 'start' | 'rules' | 'also' | 'except' | 'cutoffMs'> {
  return { zone, start, rules: [], also: [], except: [], cutoffMs: null };
}
