import fc from 'fast-check';

import { instantAfterOpenTime, openTimeBetween } from '../../../workflows/domain/business-time';
import { openTimeOf } from '../../../workflows/domain/calendar';
import { hourMs } from '../../../workflows/domain/duration';
import type { OpenTime } from '../../../workflows/domain/calendar';

const utc = Date.parse;

/** Openings as a resolver would hand them over: `from/to`, in UTC. */
function hours(...openings: readonly string[]): OpenTime {
  const resolved = openings.map((opening) => {
    const [start = '', end = ''] = opening.split('/');
    return { startMs: utc(start), endMs: utc(end) };
  });
  const horizon = { startMs: resolved[0]?.startMs ?? 0, endMs: resolved.at(-1)?.endMs ?? 0 };
  return openTimeOf([{ type: 'DEFAULT_CLOSED', name: 'hours', version: '1', horizon, openings: resolved }]);
}

const always = openTimeOf([]);
/** 2026-11-16 is a Monday; 08–18 in UTC. */
const officeWeek = hours('2026-11-16T08:00Z/2026-11-16T18:00Z', '2026-11-17T08:00Z/2026-11-17T18:00Z');
/** Open daily 09–21 Europe/Berlin (+01:00), closed on the 11th and 13th. */
const shop = hours(
  '2016-11-09T08:00Z/2016-11-09T20:00Z',
  '2016-11-10T08:00Z/2016-11-10T20:00Z',
  '2016-11-12T08:00Z/2016-11-12T20:00Z',
  '2016-11-14T08:00Z/2016-11-14T20:00Z',
  '2016-11-15T08:00Z/2016-11-15T20:00Z',
);

test.each<[string, OpenTime, string, number, string]>([
  [
    'R-TIME-4: 24 h around the clock over a day of 23 h',
    always,
    '2026-03-07T12:00-05:00',
    24,
    '2026-03-08T13:00-04:00',
  ],
  ['R-TIME-4: a night shift over a day of 25 h', always, '2026-10-31T22:00-04:00', 9, '2026-11-01T06:00-05:00'],
  ['R-SLA-5: Monday 10:00 and 4 h', officeWeek, '2026-11-16T10:00Z', 4, '2026-11-16T14:00Z'],
  ['R-SLA-5: Monday 17:00 and 4 h', officeWeek, '2026-11-16T17:00Z', 4, '2026-11-17T11:00Z'],
  ['up to the closing time, and not the next opening', officeWeek, '2026-11-16T17:00Z', 1, '2026-11-16T18:00Z'],
  ['no time at all, although closed', officeWeek, '2026-11-16T20:00Z', 0, '2026-11-16T20:00Z'],
  ['R-SLA-10: over two holidays', shop, '2016-11-09T23:00+01:00', 48, '2016-11-15T21:00+01:00'],
  ['R-SLA-11: US/Eastern', hours('2007-01-02T14:00Z/2007-01-02T23:00Z'), '2007-01-02T14:00Z', 1, '2007-01-02T15:00Z'],
])('instantAfterOpenTime(): %s', (_name, open, start, amountHours, expected) => {
  expect(instantAfterOpenTime(open, utc(start), amountHours * hourMs)).toEqual({ kind: 'at', atMs: utc(expected) });
});

test.each([
  ['R-TIME-4: the day on which clocks go forward has 23 h', '2026-03-08T00:00-05:00/2026-03-09T00:00-04:00', 23],
  ['R-TIME-4: the day on which clocks go back has 25 h', '2026-11-01T00:00-04:00/2026-11-02T00:00-05:00', 25],
  ['R-TIME-1: a week in Chicago, summer time ending', '2024-10-29T05:00Z/2024-11-05T06:00Z', 7 * 24 + 1],
  ['R-TIME-1: a week in Chicago, summer time beginning', '2025-03-04T06:00Z/2025-03-11T05:00Z', 7 * 24 - 1],
])('openTimeBetween(): %s', (_name, opening, expectedHours) => {
  const [start = '', end = ''] = opening.split('/');

  const open = openTimeBetween(hours(opening), utc(start), utc(end));

  expect(open).toEqual({ kind: 'known', ms: expectedHours * hourMs });
});

test('R-TIME-5: a day that ends at 24:00 loses nothing to the next one', () => {
  const days = hours('2026-11-16T00:00Z/2026-11-17T00:00Z', '2026-11-17T00:00Z/2026-11-18T00:00Z');

  expect(openTimeBetween(days, utc('2026-11-16T00:00Z'), utc('2026-11-18T00:00Z'))).toEqual({
    kind: 'known',
    ms: 48 * hourMs,
  });
});

test('what needs more time than was resolved is neither open nor closed', () => {
  const beyond = { kind: 'beyond-horizon', horizon: officeWeek.horizon };

  expect(instantAfterOpenTime(officeWeek, utc('2026-11-16T10:00Z'), 100 * hourMs)).toEqual(beyond);
  expect(instantAfterOpenTime(officeWeek, utc('2026-11-15T10:00Z'), hourMs)).toEqual(beyond);
  expect(openTimeBetween(officeWeek, utc('2026-11-16T10:00Z'), utc('2026-11-18T10:00Z'))).toEqual(beyond);
  expect(openTimeBetween(officeWeek, utc('2026-11-15T10:00Z'), utc('2026-11-16T10:00Z'))).toEqual(beyond);
});

test('no open time goes by backwards', () => {
  expect(openTimeBetween(officeWeek, utc('2030-01-02T00:00Z'), utc('2030-01-01T00:00Z'))).toEqual({
    kind: 'known',
    ms: 0,
  });
});

test('instantAfterOpenTime() is the first instant at which openTimeBetween() has that much', () => {
  const opening = fc
    .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 20 }))
    .map(([startMs, lengthMs]) => ({ startMs, endMs: startMs + lengthMs }));
  fc.assert(
    fc.property(
      fc.array(opening),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 60 }),
      (openings, fromMs, amountMs) => {
        const horizon = { startMs: 0, endMs: 100 };
        const open = openTimeOf([{ type: 'DEFAULT_CLOSED', name: 'c', version: '1', horizon, openings }]);
        const reached = Array.from({ length: 101 }, (_, ms) => ms).find((ms) => {
          const known = openTimeBetween(open, fromMs, ms);
          return ms >= fromMs && known.kind === 'known' && known.ms === amountMs;
        });

        const answer = instantAfterOpenTime(open, fromMs, amountMs);

        expect(answer).toEqual(
          reached === undefined ? { kind: 'beyond-horizon', horizon } : { kind: 'at', atMs: reached },
        );
      },
    ),
  );
});
