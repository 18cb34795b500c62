import type ICAL from 'ical.js';

import { occurrencesOf } from './recurrence';
import { parseRule } from './rule';
import { parseLocalTime, wallDayMs } from './wall-time';
import type { WallMs } from './wall-time';
import { ianaZone } from './zone';
import type { Zone } from './zone';

type Component = InstanceType<typeof ICAL.Component>;

/**
 * The zone that a file means by a name: the IANA zone where the name is or ends in one, or the file says which it is; otherwise by the
 * rules that the file brings along, as Outlook's "W. Europe Standard Time" does. Null: the file names a zone that nobody knows.
 */
export function zoneByTzid(tzid: string, timezones: readonly Component[]): Zone | null {
  const component = timezones.find((candidate) => textOf(candidate, 'tzid') === tzid);
  const location = component === undefined ? null : textOf(component, 'x-lic-location');
  const parts = tzid.split('/');
  const endings = parts.map((_, at) => parts.slice(at).join('/')).filter((name) => name !== '');
  for (const name of [...endings, ...(location === null ? [] : [location])]) {
    const zone = ianaZone(name);
    if (zone !== null) return zone;
  }
  return component === undefined ? null : zoneOfComponent(tzid, component);
}

interface Transition {
  readonly atMs: number;
  readonly before: number;
  readonly after: number;
}

const farFuture = Date.UTC(2200, 0, 1);

function zoneOfComponent(name: string, component: Component): Zone | null {
  const observances = component
    .getAllSubcomponents()
    .filter((part) => part.name === 'standard' || part.name === 'daylight');
  const read = observances.map(transitionsOf);
  const transitions = read.flatMap((found) => found ?? []).sort((a, b) => a.atMs - b.atMs);
  const [first] = transitions;
  if (first === undefined || read.includes(null)) return null;
  const offsetAt = (atMs: number): number => transitions.findLast((each) => each.atMs <= atMs)?.after ?? first.before;
  return { name, wallOf: (atMs) => atMs + offsetAt(atMs), instantOf: (wall) => instantBy(offsetAt, wall) };
}

/** R-TIME-3, as for zones that Temporal knows: the earlier of two, and past the gap where there is none. */
function instantBy(offsetAt: (atMs: number) => number, wall: WallMs): number {
  const before = offsetAt(wall - wallDayMs);
  const after = offsetAt(wall + wallDayMs);
  if (offsetAt(wall - before) === before || offsetAt(wall - after) !== after) return wall - before;
  return wall - after;
}

/** When an observance begins, each time; null: the file does not say it in a way that can be read. */
function transitionsOf(observance: Component): readonly Transition[] | null {
  const start = parseLocalTime(textOf(observance, 'dtstart') ?? '');
  const before = offsetOf(textOf(observance, 'tzoffsetfrom'));
  const after = offsetOf(textOf(observance, 'tzoffsetto'));
  if (start === null || before === null || after === null) return null;
  const zone: Zone = { name: 'offset', wallOf: (atMs) => atMs + before, instantOf: (wall) => wall - before };
  const starts = new Set<WallMs>([start]);
  for (const property of observance.getAllProperties('rrule')) {
    const parsed = parseRule(String(property.getFirstValue()));
    if (!parsed.ok) return null;
    const range = { from: Math.max(start, Date.UTC(1970, 0, 1)), to: farFuture, limit: 1_000 };
    for (const wall of occurrencesOf({ rule: parsed.rule, start, zone }, range).starts) starts.add(wall);
  }
  for (const property of observance.getAllProperties('rdate'))
    for (const value of property.getValues()) {
      const wall = parseLocalTime(String(value));
      if (wall === null) return null;
      starts.add(wall);
    }
  return [...starts].map((wall) => ({ atMs: zone.instantOf(wall), before, after }));
}

/** `+01:00`, as the parser writes offsets. */
function offsetOf(text: string | null): number | null {
  const [, sign, hours, minutes, seconds = '0'] = /^([+-])(\d\d):?(\d\d)(?::?(\d\d))?$/.exec(text ?? '') ?? [];
  if (sign === undefined) return null;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return sign === '-' ? -ms : ms;
}

/** Null: it is not there, or empty. */
export function textOf(component: Component, property: string): string | null {
  if (!component.hasProperty(property)) return null;
  const value: unknown = component.getFirstPropertyValue(property);
  const text = String(value);
  return text === '' ? null : text;
}
