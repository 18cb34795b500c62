import fc from 'fast-check';

import {
  addDays,
  addMonths,
  dateAt,
  momentOf,
  mondayOf,
  wallAt,
  zoneDay,
} from '../../../../client/console/kit/zone-days';

const hourMs = 60 * 60 * 1000;

describe('zoneDay()', () => {
  it.each([
    ['2026-11-24', 'Europe/Berlin', '2026-11-23T23:00:00.000Z', 24],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', 23],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', 25],
    ['2026-11-24', 'UTC', '2026-11-24T00:00:00.000Z', 24],
    ['2026-11-24', 'Asia/Kolkata', '2026-11-23T18:30:00.000Z', 24],
  ])('%s in %s starts at %s and lasts %i hours', (date, zone, start, hours) => {
    const day = zoneDay(date, zone);

    expect(new Date(day.startMs).toISOString()).toBe(start);
    expect(day.endMs - day.startMs).toBe(hours * hourMs);
  });
});

describe('momentOf()', () => {
  it('is the inverse of wallAt() for every minute that a clock shows once', () => {
    const minute = fc.integer({ min: 28_000_000, max: 32_000_000 });
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland');
    fc.assert(
      fc.property(minute, zone, (minutes, name) => {
        const shown = wallAt(minutes * 60_000, name);

        expect(wallAt(momentOf(shown, name), name)).toBe(shown);
      }),
    );
  });

  it('takes the first of two moments at which a clock shows the same', () => {
    expect(new Date(momentOf('2026-10-25T02:30', 'Europe/Berlin')).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });
});

describe('dates', () => {
  it('go over the end of months and years', () => {
    expect([addDays('2026-12-31', 1), addDays('2026-03-01', -1)]).toEqual(['2027-01-01', '2026-02-28']);
    expect([addMonths('2026-12-31', 1), addMonths('2026-01-15', -1)]).toEqual(['2027-01-01', '2025-12-01']);
  });

  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026-11-29', '2026-11-23'],
    ['2026-11-24', '2026-11-23'],
  ])('the week of %s starts on %s', (date, monday) => {
    expect(mondayOf(date)).toBe(monday);
  });

  it('are those of the zone', () => {
    expect(dateAt(Date.parse('2026-11-24T23:30Z'), 'Europe/Berlin')).toBe('2026-11-25');
  });
});
