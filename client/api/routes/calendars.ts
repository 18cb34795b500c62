import { z } from 'zod';

import type { FoundCalendar } from '../../../activities/plans/calendars';
import type { ReadableCalendar } from '../../../definitions/calendar/read';
import { openSlots } from '../../../definitions/calendar/slots';
import { parseDuration } from '../../../workflows/domain/duration';
import { calendarView } from '../../calendar-view';
import type { Registry } from '../../registry';
import { CalendarList, CalendarView, OpenSlot } from '../calendar-schema';
import { RequestError } from '../errors';
import { pageOf, pageQuery } from '../page';
import { defineRoute, get } from '../route';

const list = defineRoute({
  ...get('/calendars'),
  summary: 'Published calendars, the newest version of each',
  action: 'calendar.read',
  about: 'anything',
  query: z.strictObject(pageQuery),
  answer: CalendarList,
  async handle({ query }, { registry }) {
    const documents = await registry.calendars.list();
    const { page, next } = pageOf(documents, query, { keyOf: ({ metadata }) => [metadata.name] });
    return {
      next,
      calendars: page.map(({ metadata: { name, version, title = '' }, spec: { type, zone } }) => ({
        name,
        version,
        title,
        type,
        zone,
      })),
    };
  },
});

const Stretch = z.strictObject({
  from: z.string().exactOptional(),
  until: z.string().exactOptional(),
  zone: z.string().exactOptional(),
});

const show = defineRoute({
  ...get('/calendars/:name'),
  summary: 'A published calendar as UTC stretches, for a month from now unless `from` and `until` say otherwise',
  action: 'calendar.read',
  about: 'anything',
  params: z.object({ name: z.string() }),
  query: z.strictObject({ ...Stretch.shape, days: z.coerce.number().int().min(1).max(731).default(31) }),
  answer: CalendarView,
  async handle({ params, query }, { registry }) {
    return calendarView(await found(registry, params.name), query, query.days);
  },
});

const slots = defineRoute({
  ...get('/calendars/:name/slots'),
  summary: 'The next open stretches that have room for `length`, in this calendar and in those that `and` names',
  action: 'calendar.read',
  about: 'anything',
  params: z.object({ name: z.string() }),
  query: z.strictObject({
    ...Stretch.shape,
    length: z.string(),
    and: z.string().exactOptional(),
    count: z.coerce.number().int().min(1).max(100).default(5),
  }),
  answer: z.object({ slots: z.array(OpenSlot), horizon: z.object({ startMs: z.number(), endMs: z.number() }) }),
  async handle({ params, query }, { registry }) {
    const length = parseDuration(query.length);
    if (length.kind !== 'ms')
      throw new RequestError('REQUEST_INVALID', `Cannot use the length "${query.length}": expected PT2H, 2h or 30m`);
    const names = [params.name, ...(query.and ?? '').split(',').filter((name) => name !== '')];
    const calendars = await Promise.all(
      names.map(async (name) => calendarView(await found(registry, name), query, 366).calendar),
    );
    const horizon = {
      startMs: Math.max(...calendars.map((calendar) => calendar.horizon.startMs)),
      endMs: Math.min(...calendars.map((calendar) => calendar.horizon.endMs)),
    };
    const search = { fromMs: horizon.startMs, lengthMs: length.ms, count: query.count };
    return { slots: [...openSlots(calendars, search)], horizon };
  },
});

async function found(registry: Registry, name: string): Promise<ReadableCalendar> {
  const calendar: FoundCalendar = await registry.calendars.find(name);
  switch (calendar.kind) {
    case 'found':
      return calendar.calendar;
    case 'missing':
      throw new RequestError('CALENDAR_NOT_FOUND', `Cannot find Calendar "${name}": not published`);
    case 'unreadable':
      throw new RequestError('DOCUMENT_INVALID', `Cannot read Calendar "${name}": ${calendar.reason}`);
  }
}

export const calendarRoutes = [list, show, slots] as const;
