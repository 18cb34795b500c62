import type { LoadedCalendar } from '../../definitions/document';
import { readCalendar } from '../../definitions/calendar/read';
import type { ReadableCalendar } from '../../definitions/calendar/read';
import { calendarVersion, resolveCalendar } from '../../definitions/calendar/resolve';
import { shortenedTo } from '../../definitions/calendar/shorten';
import { resolveReference } from '../../definitions/library';
import type { ResolvedCalendar } from '../../workflows/domain/calendar';
import type { Interval } from '../../workflows/domain/intervals';
import type { Lookups } from '../../workflows/effects';
import { readFileBeside } from './published';
import type { PublishedShelf } from './published-shelf';

/** An answer becomes a part of a workflow's history (D5). */
const mostBytes = 62 * 1024;
const dayMs = 24 * 60 * 60 * 1000;
/** Kept by version and horizon; a year of business hours is some 20 KiB. */
const mostKept = 200;

export type FoundCalendar =
  | { readonly kind: 'found'; readonly calendar: ReadableCalendar; readonly version: string }
  | { readonly kind: 'missing' }
  /** It was checked when it was published: another version of Mainstay or of its time zones reads it otherwise. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Published calendars as UTC stretches: the newest version of each, resolved with the time-zone data of this process. */
export class PublishedCalendars {
  readonly #kept = new Map<string, ResolvedCalendar>();

  constructor(private readonly shelf: Pick<PublishedShelf, 'documents'>) {}

  /**
   * The horizon is rounded out to whole days, so that the next question finds the answer of this one. What cannot be read is missing:
   * nobody may take it for open.
   */
  async resolve({ names, fromMs, untilMs }: Lookups['calendars']['asked']): Promise<Lookups['calendars']['answer']> {
    const horizon = { startMs: Math.floor(fromMs / dayMs) * dayMs, endMs: Math.ceil(untilMs / dayMs) * dayMs };
    const wanted = [...new Set(names)];
    const found = await Promise.all(wanted.map(async (name) => ({ name, found: await this.find(name) })));
    const calendars = found.flatMap(({ name, found: one }) =>
      one.kind === 'found' ? [this.#resolved(one.calendar, { name, horizon })] : [],
    );
    const budget = Math.floor(mostBytes / Math.max(1, calendars.length));
    return {
      calendars: calendars.map((calendar) => shortenedTo(calendar, budget)),
      missing: found.filter(({ found: one }) => one.kind !== 'found').map(({ name }) => name),
    };
  }

  /** The newest version of each, by name. */
  async list(): Promise<readonly LoadedCalendar[]> {
    const { documents } = await this.shelf.documents();
    const names = documents.filter(({ kind }) => kind === 'Calendar').map(({ metadata }) => metadata.name);
    return [...new Set(names)].sort().flatMap((name) => {
      const found = resolveReference('Calendar', name, [documents]);
      return found.ok ? [found.document] : [];
    });
  }

  /** By `name` or `name@version`. */
  async find(name: string): Promise<FoundCalendar> {
    const { documents, files } = await this.shelf.documents();
    const resolution = resolveReference('Calendar', name, [documents]);
    if (!resolution.ok) return { kind: 'missing' };
    const { document } = resolution;
    const reading = readCalendar(document, (from, file) => readFileBeside(files, from, file));
    if (reading.ok) return { kind: 'found', calendar: reading.calendar, version: document.metadata.version };
    return { kind: 'unreadable', reason: reading.problems.map(({ message }) => message).join('; ') };
  }

  /** Under the name that was asked for, which may have a version: that is how the answer is looked for. */
  #resolved(calendar: ReadableCalendar, of: { readonly name: string; readonly horizon: Interval }): ResolvedCalendar {
    const { name, horizon } = of;
    const key = `${name} ${calendarVersion(calendar)} ${horizon.startMs} ${horizon.endMs}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const resolved = { ...resolveCalendar(calendar, horizon), name };
    this.#kept.set(key, resolved);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
    }
    return resolved;
  }
}
