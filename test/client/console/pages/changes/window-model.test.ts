import { lengthOf, windowAt, windowFrom } from '../../../../../client/console/pages/changes/window-model';

const hourMs = 3_600_000;
const zone = 'Europe/Berlin';

describe('lengthOf()', () => {
  it.each([
    ['2026-11-24T22:00', '2026-11-25T02:00', 4 * hourMs],
    // The night in which the clocks go back is an hour longer than they show.
    ['2026-10-24T22:00', '2026-10-25T04:00', 7 * hourMs],
    ['2026-11-24T22:00', '2026-11-24T22:00', null],
    ['2026-11-24T22:00', '', null],
  ])('from %s to %s is %s', (start, end, expected) => {
    expect(lengthOf({ start, end, zone })).toBe(expected);
  });

  it('is not known while the zone is being typed', () => {
    expect(lengthOf({ start: '2026-11-24T22:00', end: '2026-11-25T02:00', zone: 'Europe/Ber' })).toBeNull();
  });
});

describe('windowAt()', () => {
  it.each([
    ['2026-11-25T22:00', { start: '2026-11-24T22:00', end: '2026-11-25T02:00' }, '2026-11-26T02:00'],
    ['2026-11-25T22:00', { start: '', end: '' }, '2026-11-26T00:00'],
    ['', { start: '2026-11-24T22:00', end: '2026-11-25T02:00' }, '2026-11-25T02:00'],
  ])('moved to %s from %j ends at %s', (start, now, end) => {
    expect(windowAt(start, now)).toEqual({ start, end });
  });
});

describe('windowFrom()', () => {
  it('is shown on the clock of the zone', () => {
    expect(windowFrom(Date.parse('2026-11-24T21:00Z'), 2 * hourMs, zone)).toEqual({
      start: '2026-11-24T22:00',
      end: '2026-11-25T00:00',
    });
  });
});
