import fc from 'fast-check';

import { ianaZone } from '../../../definitions/calendar/zone';
import type { Zone } from '../../../definitions/calendar/zone';
import { allNoticeKinds, channels, noticeKinds } from '../../../workflows/domain/notice';
import type { Channel, NoticeKind } from '../../../workflows/domain/notice';
import {
  defaultPreferences,
  deliveriesFor,
  mostQuietHours,
  quietMinutes,
} from '../../../workflows/domain/notice-delivery';
import type { NoticePreferences } from '../../../workflows/domain/notice-delivery';

const hourMs = 3_600_000;
const berlin = zoneNamed('Europe/Berlin');

describe('deliveriesFor()', () => {
  const reachable: readonly Channel[] = ['mail', 'ntfy'];

  it.each<[string, NoticeKind, Partial<NoticePreferences>, readonly Channel[]]>([
    ['every channel that reaches them, as long as they said nothing', 'run.failed', {}, ['mail', 'ntfy']],
    ['the channels that they chose', 'run.failed', { channels: ['ntfy'] }, ['ntfy']],
    [
      'what they chose for this kind',
      'run.failed',
      { channels: ['ntfy'], kinds: { 'run.failed': ['mail'] } },
      ['mail'],
    ],
    ['nothing of a kind that is off', 'run.failed', { kinds: { 'run.failed': 'off' } }, []],
    ['nothing of a kind that is off, however urgent', 'lock.orphaned', { kinds: { 'lock.orphaned': 'off' } }, []],
    ['nothing where no channel is wanted', 'run.failed', { channels: [] }, []],
    ['what is asked of them, though it is off', 'task.opened', { kinds: { 'task.opened': 'off' } }, ['mail', 'ntfy']],
    [
      'what is asked of them, by what else they chose, though it is off',
      'task.urgent',
      { channels: ['ntfy'], kinds: { 'task.urgent': 'off' } },
      ['ntfy'],
    ],
    ['what is asked of them, though no channel is wanted', 'task.reminded', { channels: [] }, ['mail', 'ntfy']],
    [
      'by the others, where the channel of the kind is no longer there',
      'run.failed',
      { channels: ['mail'], kinds: { 'run.failed': ['teams'] } },
      ['mail'],
    ],
    ['by what is left, where no chosen channel is there', 'run.failed', { channels: ['matrix'] }, ['mail', 'ntfy']],
  ])('tells people %s', (_, kind, chosen, expected) => {
    const preferences = { ...defaultPreferences, ...chosen };

    const deliveries = deliveriesFor({ kind, preferences, reachable, at: 0, by: null, clock: berlin });

    expect(deliveries.map(({ channel }) => channel)).toEqual(expected);
  });

  it('tells nobody whom nothing reaches', () => {
    const request = { kind: 'task.urgent', preferences: defaultPreferences, at: 0, by: null, clock: berlin } as const;

    expect(deliveriesFor({ ...request, reachable: [] })).toEqual([]);
  });

  const night = { quiet: { from: '22:00', to: '07:00' } } as const;
  const noon = { quiet: { from: '12:00', to: '13:30' } } as const;

  it.each<[string, NoticeKind, Partial<NoticePreferences>, { at: string; expected: string }]>([
    ['at once by day', 'run.failed', night, { at: '2026-07-01T12:00+02:00', expected: '2026-07-01T12:00+02:00' }],
    [
      'in the morning by night',
      'run.failed',
      night,
      { at: '2026-07-01T23:00+02:00', expected: '2026-07-02T07:00+02:00' },
    ],
    [
      'in the morning after midnight',
      'run.failed',
      night,
      { at: '2026-07-02T06:59+02:00', expected: '2026-07-02T07:00+02:00' },
    ],
    [
      'at once as the night ends',
      'run.failed',
      night,
      { at: '2026-07-02T07:00+02:00', expected: '2026-07-02T07:00+02:00' },
    ],
    [
      'in the morning as the night begins',
      'run.failed',
      night,
      { at: '2026-07-01T22:00+02:00', expected: '2026-07-02T07:00+02:00' },
    ],
    ['after a quiet noon', 'run.failed', noon, { at: '2026-07-01T12:15+02:00', expected: '2026-07-01T13:30+02:00' }],
    [
      'at once by night, if it is urgent',
      'lock.orphaned',
      night,
      { at: '2026-07-01T23:00+02:00', expected: '2026-07-01T23:00+02:00' },
    ],
    [
      'at once where quiet begins as it ends',
      'run.failed',
      { quiet: { from: '08:00', to: '08:00' } },
      { at: '2026-07-01T08:00+02:00', expected: '2026-07-01T08:00+02:00' },
    ],
    [
      'in the morning of a night that is an hour short',
      'run.failed',
      night,
      { at: '2026-03-28T23:00+01:00', expected: '2026-03-29T07:00+02:00' },
    ],
    [
      'in the morning of a night that is an hour long',
      'run.failed',
      night,
      { at: '2026-10-24T23:00+02:00', expected: '2026-10-25T07:00+01:00' },
    ],
    [
      'when a clock was put on over the end of quiet',
      'run.failed',
      { quiet: { from: '22:00', to: '02:30' } },
      { at: '2026-03-29T01:30+01:00', expected: '2026-03-29T03:30+02:00' },
    ],
    [
      'at the first of two ends of quiet',
      'run.failed',
      { quiet: { from: '22:00', to: '02:30' } },
      { at: '2026-10-25T02:15+02:00', expected: '2026-10-25T02:30+02:00' },
    ],
    [
      'at the second end of quiet when the first is past',
      'run.failed',
      { quiet: { from: '22:00', to: '02:30' } },
      { at: '2026-10-25T02:15+01:00', expected: '2026-10-25T02:30+01:00' },
    ],
  ])('tells of it %s', (_, kind, chosen, { at, expected }) => {
    expect(timeOf({ kind, chosen, at })).toEqual({ at: Date.parse(expected), digest: false });
  });

  it.each<[string, Partial<NoticePreferences>, { at: string; expected: string }]>([
    [
      'at the next full hour',
      { digest: 'hourly' },
      { at: '2026-07-01T12:01+02:00', expected: '2026-07-01T13:00+02:00' },
    ],
    ['at a full hour', { digest: 'hourly' }, { at: '2026-07-01T12:00+02:00', expected: '2026-07-01T12:00+02:00' }],
    [
      'after the night',
      { digest: 'hourly', ...night },
      { at: '2026-07-01T21:30+02:00', expected: '2026-07-02T07:00+02:00' },
    ],
    ['today', { digest: 'daily' }, { at: '2026-07-01T07:59+02:00', expected: '2026-07-01T08:00+02:00' }],
    ['tomorrow', { digest: 'daily' }, { at: '2026-07-01T08:01+02:00', expected: '2026-07-02T08:00+02:00' }],
    [
      'tomorrow of a long day',
      { digest: 'daily' },
      { at: '2026-10-24T09:00+02:00', expected: '2026-10-25T08:00+01:00' },
    ],
    [
      'as the night ends in which its time is',
      { digest: 'daily', digestAt: '23:00', ...night },
      { at: '2026-07-01T23:30+02:00', expected: '2026-07-02T07:00+02:00' },
    ],
    [
      'at a time that is left out',
      { digest: 'daily', digestAt: '02:30' },
      { at: '2026-03-28T12:00+01:00', expected: '2026-03-29T03:30+02:00' },
    ],
  ])('gathers what is of low urgency and tells it %s', (_, chosen, { at, expected }) => {
    expect(timeOf({ kind: 'run.recovered', chosen, at })).toEqual({ at: Date.parse(expected), digest: true });
  });

  it.each<[string, NoticeKind, { at: string; by: string; expected: string }]>([
    ['at once', 'task.opened', { at: '10:00', by: '11:00', expected: '10:00' }],
    ['at once, as nobody might be quick enough', 'task.opened', { at: '10:00', by: '18:59', expected: '10:00' }],
    [
      'at once, where it has come to the last quarter',
      'task.reminded',
      { at: '07:00', by: '21:00', expected: '07:00' },
    ],
    ['after quiet, where there is time enough', 'task.opened', { at: '10:00', by: '22:00', expected: '18:00' }],
    ['at once, when it is overdue', 'task.opened', { at: '10:00', by: '09:00', expected: '10:00' }],
  ])('asks for an answer that is due %s', (_, kind, { at, by, expected }) => {
    const instant = (clockTime: string) => Date.parse(`2026-07-01T${clockTime}+02:00`);
    const preferences = { ...defaultPreferences, quiet: { from: '06:00', to: '18:00' } };

    const request = { kind, preferences, at: instant(at), by: instant(by), clock: berlin };

    expect(deliveriesFor({ ...request, reachable: ['mail'] })).toEqual([
      { channel: 'mail', at: instant(expected), digest: false },
    ]);
  });

  it('gathers nothing that is not of low urgency', () => {
    const at = '2026-07-01T12:01+02:00';

    expect(timeOf({ kind: 'run.failed', chosen: { digest: 'daily' }, at })).toEqual({
      at: Date.parse(at),
      digest: false,
    });
  });

  function timeOf(of: { readonly kind: NoticeKind; readonly chosen: Partial<NoticePreferences>; readonly at: string }) {
    const preferences = { ...defaultPreferences, ...of.chosen };
    const request = { kind: of.kind, preferences, at: Date.parse(of.at), by: null, clock: berlin };
    const [first] = deliveriesFor({ ...request, reachable: ['mail'] });
    return { at: first?.at, digest: first?.digest };
  }
});

describe('deliveriesFor(), whatever people prefer and whatever clocks do,', () => {
  it('never tells within quiet hours what is not urgent', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const { at } of deliveriesFor(asked))
          expect(noticeKinds[asked.kind].urgency === 'urgent' || !isQuietAt(at, asked)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('asks while there is time to answer, whatever is quiet', () => {
    const leftMs = fc.integer({ min: 0, max: 72 * hourMs });
    const kind = fc.constantFrom<NoticeKind>('task.opened', 'task.reminded', 'task.urgent', 'task.delegated');
    fc.assert(
      fc.property(request, kind, leftMs, (asked, asking, left) => {
        const by = asked.at + left;

        for (const { at } of deliveriesFor({ ...asked, kind: asking, by }))
          expect(at === asked.at || by - at >= Math.max(hourMs, left / 4)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells within 36 hours, and never before it happened', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const { at } of deliveriesFor(asked)) {
          expect(at).toBeGreaterThanOrEqual(asked.at);
          expect(at).toBeLessThanOrEqual(asked.at + 36 * hourMs);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('loses nothing that is wanted, and tells it once by each channel that there is', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const told = deliveriesFor(asked).map(({ channel }) => channel);

        expect(told.length > 0).toBe(isWanted(asked) && asked.reachable.length > 0);
        expect(new Set(told).size).toBe(told.length);
        expect(asked.reachable).toEqual(expect.arrayContaining(told));
      }),
    );
  });

  it('lets nobody silence what is asked of them', () => {
    fc.assert(
      fc.property(request, fc.constantFrom('task.opened', 'task.reminded', 'task.urgent'), (asked, kind) => {
        const told = deliveriesFor({ ...asked, kind });

        expect(told.length > 0).toBe(asked.reachable.length > 0);
      }),
    );
  });
});

type Asked = Parameters<typeof deliveriesFor>[0] & { readonly clock: Zone };

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const some = fc.subarray([...channels]);
const preferences: fc.Arbitrary<NoticePreferences> = fc.record({
  channels: fc.option(some),
  kinds: fc.dictionary(fc.constantFrom(...allNoticeKinds), fc.oneof(some, fc.constant('off' as const))),
  quiet: fc.option(fc.record({ from: time, to: time }).filter((quiet) => quietMinutes(quiet) <= mostQuietHours * 60)),
  digest: fc.constantFrom('off', 'hourly', 'daily'),
  digestAt: time,
});
/** Lord Howe moves by half an hour, Apia once left out a day. */
const clock = fc.constantFrom(
  ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'].map(
    zoneNamed,
  ),
);
/** Near the days on which clocks change, or anywhere. */
const instant = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01', '2011-12-30'),
      fc.integer({ min: -48 * 60, max: 48 * 60 }),
    )
    .map(([day, minutes]) => Date.parse(`${day}T00:00:00Z`) + minutes * 60_000),
  fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2040, 0) }),
);
const request: fc.Arbitrary<Asked> = fc.record({
  kind: fc.constantFrom(...allNoticeKinds),
  preferences,
  reachable: some,
  at: instant,
  by: fc.constant(null),
  clock,
});

/** Told by the text of the clock, not by the arithmetic that is tested. */
function isQuietAt(at: number, { preferences: { quiet }, clock: { name } }: Asked): boolean {
  if (quiet === null) return false;
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone: name, hour: '2-digit', minute: '2-digit' }).format(at);
  const { from, to } = quiet;
  return from <= to ? from <= shown && shown < to : shown >= from || shown < to;
}

function isWanted({ kind, preferences: { channels: chosen, kinds } }: Asked): boolean {
  const wanted = kinds[kind] ?? chosen ?? 'all';
  return noticeKinds[kind].asks || wanted === 'all' || (wanted !== 'off' && wanted.length > 0);
}

function zoneNamed(name: string): Zone {
  const zone = ianaZone(name);
  if (zone === null) throw new Error(`Cannot find the zone "${name}"`);
  return zone;
}
