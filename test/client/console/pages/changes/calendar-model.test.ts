import fc from 'fast-check';

import { daysOf } from '../../../../../client/console/kit/calendar-dates';
import { calendarDays } from '../../../../../client/console/pages/changes/calendar-model';
import type { CalendarChange } from '../../../../../client/console/pages/changes/calendar-model';

const berlin = 'Europe/Berlin';

function change(start: string, end: string): CalendarChange {
  const window = { startMs: Date.parse(start), endMs: Date.parse(end) };
  return { id: 'c1', number: 1, title: 'Release', phase: 'scheduled', window, conflicts: { verdict: 'warned' } };
}

describe('calendarDays()', () => {
  it('shows a change on each day that its window touches, in that zone', () => {
    const days = calendarDays(daysOf('week', '2026-11-24', berlin), {
      changes: [change('2026-11-24T22:00Z', '2026-11-26T01:00Z')],
      calendars: [],
    });

    const shown = days.flatMap(({ date, changes }) => changes.map(({ part }) => [date, part]));
    expect(shown).toEqual([
      ['2026-11-24', 'first'],
      ['2026-11-25', 'middle'],
      ['2026-11-26', 'last'],
    ]);
  });

  it('never shows a change on a day that its window has no part of', () => {
    const days = daysOf('month', '2026-11-01', berlin);
    const [from, to] = [days[0]?.startMs ?? 0, days.at(-1)?.endMs ?? 0];
    const moment = fc.integer({ min: from - 86_400_000, max: to + 86_400_000 });
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 500_000_000 }), (startMs, lengthMs) => {
        const window = { startMs, endMs: startMs + lengthMs };
        const shown = calendarDays(days, {
          changes: [{ ...change('2026-11-24T22:00Z', '2026-11-24T23:00Z'), window }],
          calendars: [],
        });

        const total = shown.flatMap(({ changes }) => changes).reduce((sum, { startMs: a, endMs: b }) => sum + b - a, 0);
        const within = Math.max(0, Math.min(window.endMs, to) - Math.max(window.startMs, from));
        expect(total).toBe(within);
      }),
    );
  });

  it('marks freezes by their force, and maintenance windows', () => {
    const horizon = { startMs: 0, endMs: Date.parse('2027-01-01T00:00Z') };
    const startMs = Date.parse('2026-11-23T23:00Z');
    const endMs = Date.parse('2026-11-25T12:00Z');
    const days = calendarDays(daysOf('week', '2026-11-24', berlin), {
      changes: [],
      calendars: [
        {
          type: 'DEFAULT_OPEN',
          name: 'freezes',
          version: '1.0.0',
          horizon,
          closures: [{ id: 'x', title: 'Black week', force: 'hard', startMs, endMs }],
        },
        { type: 'DEFAULT_CLOSED', name: 'nights', version: '1.0.0', horizon, openings: [{ startMs, endMs }] },
      ],
    });

    const shown = days.flatMap(({ date, closings }) =>
      closings.map(({ kind, title, wholeDay }) => [date, kind, title, wholeDay]),
    );
    expect(shown).toEqual([
      ['2026-11-24', 'hard-freeze', 'Black week', true],
      ['2026-11-24', 'window', 'nights', true],
      ['2026-11-25', 'hard-freeze', 'Black week', false],
      ['2026-11-25', 'window', 'nights', false],
    ]);
  });
});
