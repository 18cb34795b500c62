import { readCalendar } from '../../../definitions/calendar/read';
import type { ReadableCalendar } from '../../../definitions/calendar/read';
import { resolveCalendar } from '../../../definitions/calendar/resolve';
import { loadText } from '../../../definitions/load';
import type { ResolvedCalendar } from '../../../workflows/domain/calendar';
import { documentText } from '../documents';

/** The calendar of the given lines below `spec`; it must be right. */
export function calendarOf(...lines: readonly string[]): ReadableCalendar {
  const { documents, problems } = loadText('sample.yaml', documentText('Calendar', ...lines));
  const [document] = documents;
  if (document?.kind !== 'Calendar') throw new Error(JSON.stringify(problems));
  const reading = readCalendar(document, null);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.calendar;
}

export function resolved(lines: readonly string[], from: string, until: string): ResolvedCalendar {
  return resolveCalendar(calendarOf(...lines), { startMs: Date.parse(from), endMs: Date.parse(until) });
}

/** Stretches of a calendar as people compare them: `2024-10-29T05:00Z → 2024-11-05T06:00Z`. */
export function stretchesOf(calendar: ResolvedCalendar): readonly string[] {
  const stretches = calendar.type === 'DEFAULT_OPEN' ? calendar.closures : calendar.openings;
  return stretches.map(({ startMs, endMs }) => `${shown(startMs)} → ${shown(endMs)}`);
}

function shown(atMs: number): string {
  return new Date(atMs).toISOString().replace(/:00\.000Z$/, 'Z');
}
