import { dateByKey, daysOf, isOutside, turned } from '../../../../client/console/kit/calendar-dates';

const berlin = 'Europe/Berlin';

describe('daysOf()', () => {
  it('shows a week from Monday to Sunday', () => {
    const days = daysOf('week', '2026-11-26', berlin);

    expect(days.map(({ date }) => date)).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
      '2026-11-29',
    ]);
  });

  it.each([
    ['2026-11-15', '2026-10-26', '2026-12-06'],
    ['2026-02-10', '2026-01-26', '2026-03-01'],
    ['2027-02-10', '2027-02-01', '2027-02-28'],
  ])('shows the month of %s in whole weeks, from %s to %s', (date, first, last) => {
    const days = daysOf('month', date, berlin);

    expect([days[0]?.date, days.at(-1)?.date, days.length % 7]).toEqual([first, last, 0]);
  });

  it('leaves no moment between two days, also when the clocks change', () => {
    const days = daysOf('month', '2026-10-01', berlin);

    for (const [index, day] of days.slice(1).entries()) expect(day.startMs).toBe(days[index]?.endMs);
  });
});

describe('dateByKey()', () => {
  it.each([
    ['ArrowLeft', '2026-11-30'],
    ['ArrowDown', '2026-12-08'],
    ['ArrowUp', '2026-11-24'],
    ['Home', '2026-11-30'],
    ['End', '2026-12-06'],
    ['PageDown', '2027-01-01'],
    ['x', null],
  ])('%s leads from 2026-12-01 to %s', (key, expected) => {
    expect(dateByKey('2026-12-01', key)).toBe(expected);
  });
});

describe('turned()', () => {
  it('goes by weeks and by months', () => {
    expect([turned('week', '2026-11-24', 1), turned('month', '2026-11-24', -1)]).toEqual(['2026-12-01', '2026-10-01']);
  });
});

describe('isOutside()', () => {
  it.each([
    ['month', '2026-11-24', '2026-12-01', true],
    ['month', '2026-11-24', '2026-11-01', false],
    ['week', '2026-11-30', '2026-12-01', false],
  ] as const)('in the %s of %s, %s: %s', (span, date, day, expected) => {
    expect(isOutside(span, date, day)).toBe(expected);
  });
});
