import { calendarDue } from '../../../activities/lookups/calendar';

const at = (text: string): number => Date.parse(text);

describe('calendarDue() (R-TIME-1, R-TIME-3)', () => {
  test.each([
    { from: '2026-03-10T09:00:00Z', days: 1, zone: 'UTC', due: '2026-03-11T09:00:00Z' },
    // The clock goes forward on 29 March 2026: that day has 23 hours.
    { from: '2026-03-28T08:00:00Z', days: 1, zone: 'Europe/Berlin', due: '2026-03-29T07:00:00Z' },
    // And back on 25 October: that day has 25.
    { from: '2026-10-24T07:00:00Z', days: 1, zone: 'Europe/Berlin', due: '2026-10-25T08:00:00Z' },
    // 02:30 comes twice on 25 October, and not at all on 29 March.
    { from: '2026-10-24T00:30:00Z', days: 1, zone: 'Europe/Berlin', due: '2026-10-25T00:30:00Z' },
    { from: '2026-03-28T01:30:00Z', days: 1, zone: 'Europe/Berlin', due: '2026-03-29T01:30:00Z' },
    { from: '2026-12-31T23:30:00Z', days: 1, zone: 'America/New_York', due: '2027-01-01T23:30:00Z' },
    { from: '2026-02-27T12:00:00Z', days: 7, zone: 'Asia/Kolkata', due: '2026-03-06T12:00:00Z' },
  ])('$days days after $from in $zone is $due', ({ from, days, zone, due }) => {
    expect(new Date(calendarDue({ from: at(from), days, zone }).at).toISOString()).toBe(new Date(due).toISOString());
  });
});
