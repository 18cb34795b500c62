import ICAL from 'ical.js';

import type { FreezeForce } from '../../workflows/domain/calendar';
import { unreasonable } from './event';
import type { CalendarEvent, EventLength } from './event';
import { textOf, zoneByTzid } from './ical-zone';
import { parseRule } from './rule';
import type { RecurrenceRule } from './rule';
import { parseLocalDate, parseLocalTime, wallDayMs } from './wall-time';
import type { WallMs } from './wall-time';
import { ianaZone } from './zone';
import type { Zone } from './zone';

type Component = InstanceType<typeof ICAL.Component>;
type Property = InstanceType<typeof ICAL.Property>;

export interface IcalOptions {
  /** Of times without a zone, and of whole days. */
  readonly zone: Zone;
  readonly force: FreezeForce;
}

export interface IcalReading {
  readonly events: readonly CalendarEvent[];
  /** What was left out, or taken in another way than some programs do. */
  readonly notes: readonly string[];
  /** What cannot be understood. With one of them the file must not be used: it would be open or closed at the wrong time. */
  readonly problems: readonly string[];
}

const mostEvents = 2_000;

/** The events of an iCalendar text (RFC 5545). */
export function readIcal(text: string, options: IcalOptions): IcalReading {
  const roots = parsed(text);
  if (typeof roots === 'string') return { events: [], notes: [], problems: [`it is not iCalendar: ${roots}`] };
  const found: Found = { events: new Map(), overrides: [], notes: [], problems: [] };
  for (const root of roots) {
    const timezones = root.getAllSubcomponents('vtimezone');
    for (const part of root.getAllSubcomponents()) {
      if (part.name === 'vevent') readEvent(found, { part, timezones, options });
      else if (part.name !== 'vtimezone')
        found.notes.push(`${part.name.toUpperCase()} was left out: only events count`);
    }
  }
  if (found.events.size > mostEvents) found.problems.push(`it has more than ${mostEvents} events`);
  applyOverrides(found);
  if (found.events.size === 0 && found.problems.length === 0) found.problems.push('it has no event');
  return { events: [...found.events.values()], notes: [...new Set(found.notes)], problems: found.problems };
}

interface Found {
  readonly events: Map<string, CalendarEvent>;
  readonly overrides: { readonly uid: string; readonly atMs: number }[];
  readonly notes: string[];
  readonly problems: string[];
}

interface EventPart {
  readonly part: Component;
  readonly timezones: readonly Component[];
  readonly options: IcalOptions;
}

function parsed(text: string): readonly Component[] | string {
  try {
    const jcal: unknown = ICAL.parse(text);
    if (!Array.isArray(jcal)) return 'it is empty';
    const lists: unknown[] = typeof jcal[0] === 'string' ? [jcal] : jcal;
    const roots = lists.flatMap((list) => (Array.isArray(list) ? [new ICAL.Component(list)] : []));
    const calendars = roots.filter(({ name }) => name === 'vcalendar');
    return calendars.length === 0 ? 'there is no VCALENDAR' : calendars;
  } catch (error) {
    // The parser throws whatever is wrong with the text, and says what.
    return error instanceof Error ? error.message : String(error);
  }
}

function readEvent(found: Found, event: EventPart): void {
  const { part } = event;
  const title = textOf(part, 'summary') ?? textOf(part, 'uid') ?? 'Event';
  const uid = idOf(textOf(part, 'uid') ?? `event-${found.events.size + 1}`);
  try {
    const recurrenceId = part.getFirstProperty('recurrence-id');
    if (recurrenceId !== null) {
      if (recurrenceId.getFirstParameter('range') !== undefined)
        throw new Unreadable('RANGE of RECURRENCE-ID is not supported');
      const { wall, zone } = timeOf(recurrenceId, event);
      found.overrides.push({ uid, atMs: zone.instantOf(wall) });
    }
    if (textOf(part, 'status') === 'CANCELLED') {
      found.notes.push(`"${title}" was left out: it is cancelled`);
      return;
    }
    if (textOf(part, 'transp') === 'TRANSPARENT')
      found.notes.push(`"${title}" counts although it is marked as not busy`);
    const read = eventOf(event, { uid, title });
    const { wallMs, elapsedMs } = read.length;
    if (wallMs + elapsedMs <= 0) {
      if (wallMs + elapsedMs < 0) throw new Unreadable('it ends before it starts');
      found.notes.push(`"${title}" was left out: it takes no time`);
      return;
    }
    const reason = unreasonable(read);
    if (reason !== null) throw new Unreadable(reason);
    const id = recurrenceId === null ? uid : `${uid}+${found.overrides.length}`;
    if (found.events.has(id)) throw new Unreadable(`another event has the UID "${uid}"`);
    found.events.set(id, { ...read, id });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    found.problems.push(`event "${title}": ${error.message}`);
  }
}

class Unreadable extends Error {}

function eventOf(event: EventPart, { uid, title }: { readonly uid: string; readonly title: string }): CalendarEvent {
  const { part, options } = event;
  const startProperty = part.getFirstProperty('dtstart');
  if (startProperty === null) throw new Unreadable('DTSTART is missing');
  const start = timeOf(startProperty, event);
  if (part.getFirstProperty('exrule') !== null) throw new Unreadable('EXRULE is not supported');
  return {
    id: uid,
    title: title.slice(0, 200),
    force: options.force,
    zone: start.zone,
    start: start.wall,
    length: lengthOf(event, start),
    rules: part.getAllProperties('rrule').map(ruleOf),
    also: timesOf('rdate', event).map(({ wall, zone }) => start.zone.wallOf(zone.instantOf(wall))),
    except: timesOf('exdate', event).map(({ wall, zone }) => zone.instantOf(wall)),
    cutoffMs: null,
  };
}

function ruleOf(property: Property): RecurrenceRule {
  const text = String(property.getFirstValue());
  const rule = parseRule(text);
  if (!rule.ok) throw new Unreadable(`Cannot use the rule "${text}": ${rule.reason}`);
  return rule.rule;
}

interface IcalTime {
  readonly wall: WallMs;
  readonly zone: Zone;
  readonly isDate: boolean;
}

function timeOf(property: Property, event: EventPart): IcalTime {
  return readTime(property.getFirstValue(), property, event);
}

function timesOf(name: string, event: EventPart): readonly IcalTime[] {
  return event.part
    .getAllProperties(name)
    .flatMap((property) => property.getValues().map((value: unknown) => readTime(value, property, event)));
}

/** The parser's values print as `2026-01-03T22:00:00`, with `Z` in UTC, or as a date. */
function readTime(value: unknown, property: Property, { timezones, options }: EventPart): IcalTime {
  const text = String(value);
  const isDate = text.length === 10;
  const wall = isDate ? parseLocalDate(text) : parseLocalTime(text.replace(/Z$/, ''));
  if (wall === null) throw new Unreadable(`${property.name.toUpperCase()} "${text}" is no time`);
  if (isDate) return { wall, zone: options.zone, isDate };
  if (text.endsWith('Z')) return { wall, zone: utc(), isDate };
  const tzid = property.getFirstParameter('tzid');
  if (tzid === undefined || tzid === '') return { wall, zone: options.zone, isDate };
  const zone = zoneByTzid(tzid, timezones);
  if (zone === null) throw new Unreadable(`the zone "${tzid}" is unknown`);
  return { wall, zone, isDate };
}

function utc(): Zone {
  const zone = ianaZone('UTC');
  if (zone === null) throw new Unreadable('this Node.js does not know UTC');
  return zone;
}

/** An end stays where the clock shows it, so that shifts that follow one another leave no gap when the clocks change (R-TIME-2). */
function lengthOf(event: EventPart, start: IcalTime): EventLength {
  const endProperty = event.part.getFirstProperty('dtend');
  if (endProperty !== null) {
    const end = timeOf(endProperty, event);
    const endWall = end.zone.name === start.zone.name ? end.wall : start.zone.wallOf(end.zone.instantOf(end.wall));
    return { wallMs: endWall - start.wall, elapsedMs: 0 };
  }
  const duration: unknown = event.part.getFirstPropertyValue('duration');
  if (duration === null) return { wallMs: start.isDate ? wallDayMs : 0, elapsedMs: 0 };
  if (!(duration instanceof ICAL.Duration)) throw new Unreadable('DURATION is none');
  const { weeks, days, hours, minutes, seconds, isNegative } = duration;
  const sign = isNegative ? -1 : 1;
  const elapsedMs = ((hours * 60 + minutes) * 60 + seconds) * 1_000 * sign;
  return { wallMs: (weeks * 7 + days) * wallDayMs * sign, elapsedMs };
}

/** An occurrence that was moved or cancelled is not where the rule puts it. */
function applyOverrides({ events, overrides }: Found): void {
  for (const { uid, atMs } of overrides) {
    const master = events.get(uid);
    if (master !== undefined) events.set(uid, { ...master, except: [...master.except, atMs] });
  }
}

function idOf(uid: string): string {
  return uid.replaceAll(/[^A-Za-z0-9._@-]/g, '-').slice(0, 100);
}

/** The zone that a file gives for all of itself; null: it gives none, or one that nobody knows. */
export function icalZone(text: string): string | null {
  const roots = parsed(text);
  if (typeof roots === 'string') return null;
  for (const root of roots) {
    const timezones = root.getAllSubcomponents('vtimezone');
    const named = textOf(root, 'x-wr-timezone') ?? (timezones[0] === undefined ? null : textOf(timezones[0], 'tzid'));
    const zone = named === null ? null : zoneByTzid(named, timezones);
    if (zone !== null && ianaZone(zone.name) !== null) return zone.name;
  }
  return null;
}
