import { clockText, durationText, instantText, relativeText } from '../../../client/console/time-text';

const now = Date.parse('2026-11-21T14:05:09Z');

test.each([
  [now, 'now'],
  [now - 20_000, '20 s ago'],
  [now - 3 * 60_000, '3 min ago'],
  [now + 26 * 3_600_000, 'in 1 d'],
])('relativeText() of %d is %s', (at, text) => {
  expect(relativeText(at, now)).toBe(text);
});

test.each([
  [0, '0.00 s'],
  [420, '0.42 s'],
  [4_200, '4.2 s'],
  [65_000, '1 min 5 s'],
  [3_600_000, '1 h'],
  [93_784_000, '1 d 2 h'],
  [-5, '0.00 s'],
])('durationText() of %d ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('clockText() names the zone, and the day where it is not today', () => {
  expect(clockText(now, now, 'UTC')).toBe('14:05 UTC');
  expect(clockText(now - 86_400_000, now, 'UTC')).toContain('20 Nov');
});

test('instantText() is the whole instant in the zone of the installation', () => {
  expect(instantText(now, 'Europe/Berlin')).toMatch(/^21 Nov 2026,? 15:05:09 CET$/);
});
