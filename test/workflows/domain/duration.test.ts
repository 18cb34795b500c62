import { formatDuration, parseDuration } from '../../../workflows/domain/duration';

test.each([
  ['PT10M', 600_000],
  ['PT1H30M', 5_400_000],
  ['PT0.5S', 500],
  ['10m', 600_000],
  ['24h', 86_400_000],
  ['30s', 30_000],
  ['250ms', 250],
])('parseDuration() reads %s as %d ms', (text, ms) => {
  expect(parseDuration(text)).toEqual({ kind: 'ms', ms });
});

test.each([
  ['P1D', 1],
  ['P2W', 14],
])('parseDuration() reads %s as calendar days, which have no fixed length', (text, days) => {
  expect(parseDuration(text)).toEqual({ kind: 'days', days });
});

test.each(['1d', '', 'PT', 'P1DT2H', 'P1M', '10 m', '-5m', 'ten', 'PT999999999H'])(
  'parseDuration() refuses "%s"',
  (text) => {
    expect(parseDuration(text).kind).toBe('invalid');
  },
);

test.each([
  [0, 'PT0S'],
  [90_000, 'PT1M30S'],
  [500, 'PT0.5S'],
  [90_000_000, 'PT25H'],
])('formatDuration() writes %d ms as %s, which reads back the same', (ms, text) => {
  const written = formatDuration(ms);

  expect(written).toBe(text);
  expect(parseDuration(written)).toEqual({ kind: 'ms', ms });
});
