import type { Calendar, CalendarHappening, Freeze } from '../kinds/calendar';
import type { DocumentPath } from '../problems';
import { unreasonable } from './event';
import type { CalendarEvent } from './event';
import { between, exceptionsOf, lengthOf, once, ruleOf } from './event-fields';
import { readSpan } from './hours';
import { note } from './reading';
import type { Reading } from './reading';
import { parseLocalTime, weekdays } from './wall-time';
import { windowEvent } from './windows';

/** Events that the document itself spells out; what is broken is left out, with a problem in the reading. */
export function authoredEvents(reading: Reading, spec: Calendar): readonly CalendarEvent[] {
  const happenings = (spec.events ?? []).map((event, at) => happeningEvent(reading, event, ['events', at]));
  const others =
    spec.type === 'DEFAULT_OPEN'
      ? (spec.freezes ?? []).map((freeze, at) => freezeEvent(reading, freeze, ['freezes', at]))
      : (spec.windows ?? []).map((window, at) => windowEvent(reading, window, ['windows', at]));
  noteTwins(reading, spec);
  return [...others, ...happenings].filter((event) => event !== null);
}

function freezeEvent(reading: Reading, freeze: Freeze, path: DocumentPath): CalendarEvent | null {
  const { id, title = id, force = 'soft' } = freeze;
  const start = parseLocalTime(freeze.start);
  const end = parseLocalTime(freeze.end);
  if (start === null || end === null) return null;
  const length = between(reading, { start, end }, [...path, 'end']);
  return length === null ? null : { ...once(reading, start), id, title, force, length };
}

function happeningEvent(reading: Reading, happening: CalendarHappening, path: DocumentPath): CalendarEvent | null {
  const { id, title = id, force = 'soft' } = happening;
  const start = parseLocalTime(happening.start);
  if (start === null) return null;
  const length = lengthOf(reading, { happening, start }, path);
  const rule = ruleOf(reading, { text: happening.rrule, start }, [...path, 'rrule']);
  if (length === null || rule === null) return null;
  const also = (happening.also ?? []).flatMap((text) => parseLocalTime(text) ?? []);
  const except = exceptionsOf(reading, happening.except);
  const reason = unreasonable({ rules: rule.rules, length, start });
  if (reason !== null)
    note(reading, path, { code: 'OUT_OF_RANGE', message: `Cannot use the event "${id}": ${reason}` });
  return { ...once(reading, start), id, title, force, length, rules: rule.rules, also, except };
}

export function noteHours(reading: Reading, spec: Calendar): void {
  if (spec.type !== 'DEFAULT_CLOSED') return;
  for (const weekday of weekdays)
    for (const [at, text] of (spec.hours?.[weekday] ?? []).entries())
      if (readSpan(text) === null) {
        const hint = 'A whole day is 00:00-24:00.';
        note(reading, ['hours', weekday, at], {
          message: `Cannot use the hours "${text}": they end when they begin`,
          found: text,
          hint,
        });
      }
}

/** Freeze approvers name closures by their id. */
function noteTwins(reading: Reading, spec: Calendar): void {
  const lists =
    spec.type === 'DEFAULT_OPEN'
      ? { freezes: spec.freezes, events: spec.events }
      : { windows: spec.windows, events: spec.events };
  const known = new Set<string>();
  for (const [list, entries] of Object.entries(lists))
    for (const [at, { id }] of (entries ?? []).entries()) {
      if (id !== undefined && known.has(id))
        note(reading, [list, at, 'id'], {
          code: 'DUPLICATE_ID',
          message: `Cannot use the id "${id}": another entry has it`,
          found: id,
          hint: 'Give one of the two another id.',
        });
      if (id !== undefined) known.add(id);
    }
}
