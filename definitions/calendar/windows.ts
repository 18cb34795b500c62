import { parseDuration } from '../../workflows/domain/duration';
import type { MaintenanceWindow } from '../kinds/calendar';
import type { DocumentPath } from '../problems';
import { unreasonable } from './event';
import type { CalendarEvent, EventLength } from './event';
import { exceptionsOf, once, ruleOf, spanLength } from './event-fields';
import type { Rules } from './event-fields';
import { note } from './reading';
import type { Reading } from './reading';
import { parseRule } from './rule';
import { parseLocalTime, timeOfDay, wallDayMs, weekdays } from './wall-time';
import type { WallMs } from './wall-time';

export function windowEvent(reading: Reading, window: MaintenanceWindow, path: DocumentPath): CalendarEvent | null {
  const id = window.id ?? `window-${String(path.at(-1))}`;
  const start = windowStart(reading, window, path);
  const length = spanLength(reading, window.length, [...path, 'length']);
  if (start === null || length === null) return null;
  const cutoffMs = cutoffOf(reading, { window, length }, path);
  const rule =
    start.weekly === null
      ? ruleOf(reading, { text: window.rrule, start: start.wall }, [...path, 'rrule'])
      : start.weekly;
  if (rule === null) return null;
  const except = exceptionsOf(reading, window.except);
  const reason = unreasonable({ rules: rule.rules, length, start: start.wall });
  if (reason !== null)
    note(reading, path, { code: 'OUT_OF_RANGE', message: `Cannot use the window "${id}": ${reason}` });
  const { title = id } = window;
  return { ...once(reading, start.wall), id, title, force: 'soft', length, rules: rule.rules, except, cutoffMs };
}

/** `sat 22:00` is every week since the first week there is. */
function windowStart(
  reading: Reading,
  { start, rrule }: MaintenanceWindow,
  path: DocumentPath,
): { readonly wall: WallMs; readonly weekly: Rules | null } | null {
  const [day = '', time = ''] = start.split(' ');
  const weekday = weekdays.findIndex((known) => known === day);
  if (weekday === -1) {
    const wall = parseLocalTime(start);
    if (wall === null)
      note(reading, [...path, 'start'], { message: `Cannot use the time "${start}": there is none`, found: start });
    return wall === null ? null : { wall, weekly: null };
  }
  if (Number(time.slice(0, 2)) > 23 || Number(time.slice(3)) > 59) {
    note(reading, [...path, 'start'], { message: `Cannot use the time "${time}": there is none`, found: start });
    return null;
  }
  if (rrule !== undefined) {
    const message = `Cannot use a rule with "${start}": a weekday comes every week already`;
    note(reading, [...path, 'rrule'], { message, found: rrule, hint: 'Give `start` a date, or leave the rule away.' });
    return null;
  }
  const rule = parseRule('FREQ=WEEKLY');
  // The Monday of the first whole week of the epoch.
  const monday = Date.UTC(1970, 0, 5);
  return rule.ok ? { wall: monday + weekday * wallDayMs + timeOfDay(time), weekly: { rules: [rule.rule] } } : null;
}

function cutoffOf(
  reading: Reading,
  { window, length }: { readonly window: MaintenanceWindow; readonly length: EventLength },
  path: DocumentPath,
): number | null {
  if (window.cutoff === undefined) return null;
  const cutoff = parseDuration(window.cutoff);
  if (cutoff.kind !== 'ms') {
    const message = `Cannot use the cutoff "${window.cutoff}": it is not so many hours or minutes`;
    note(reading, [...path, 'cutoff'], { code: 'INVALID_DURATION', message, found: window.cutoff });
    return null;
  }
  if (cutoff.ms < length.wallMs + length.elapsedMs) return cutoff.ms;
  const message = `Cannot use the cutoff "${window.cutoff}": nothing could ever start in a window of ${window.length}`;
  note(reading, [...path, 'cutoff'], { message, found: window.cutoff, hint: 'Make it shorter than the window.' });
  return null;
}
