import { instantOf, onCallAt } from '../../../activities/lookups/on-call';
import type { Rotation } from '../../../activities/lookups/on-call';

const weekly: Rotation = {
  zone: 'Europe/Berlin',
  people: ['user/anna', 'user/ben', 'user/cem'],
  start: '2026-01-05T09:00',
  every: 'P1W',
  overrides: [],
};

function at(text: string): number {
  return Date.parse(text);
}

test.each([
  ['before it has begun', '2026-01-05T07:59:59Z', undefined],
  ['from the first moment on', '2026-01-05T08:00:00Z', 'user/anna'],
  ['until the handover', '2026-01-12T07:59:59Z', 'user/anna'],
  ['at the handover', '2026-01-12T08:00:00Z', 'user/ben'],
  ['after everybody had a turn', '2026-01-26T08:00:00Z', 'user/anna'],
  // 09:00 in Berlin is 07:00 UTC in summer.
  ['R-TIME-1: a handover in summer is at the same time of the clocks', '2026-06-29T06:59:59Z', 'user/anna'],
  ['R-TIME-1: and not an hour later', '2026-06-29T07:00:00Z', 'user/ben'],
])('onCallAt() %s', (_name, instant, person) => {
  expect(onCallAt(weekly, at(instant))[0]).toBe(person);
});

test('those whose turn comes next stand after the one on call', () => {
  expect(onCallAt(weekly, at('2026-01-13T00:00:00Z'))).toEqual(['user/ben', 'user/cem', 'user/anna']);
});

test('an override holds from its start until its end, and of two the later one in the list', () => {
  const overrides = [
    { start: '2026-01-06T18:00', end: '2026-01-07T09:00', person: 'user/dora' },
    { start: '2026-01-07T00:00', end: '2026-01-07T06:00', person: 'user/emil' },
  ];
  const onCall = (text: string): string | undefined => onCallAt({ ...weekly, overrides }, at(text))[0];

  expect(
    ['2026-01-06T16:59:59Z', '2026-01-06T17:00:00Z', '2026-01-07T00:00:00Z', '2026-01-07T08:00:00Z'].map(onCall),
  ).toEqual(['user/anna', 'user/dora', 'user/emil', 'user/anna']);
});

test.each([
  ['a time of the clocks, in winter', '2026-01-05T09:00', '2026-01-05T08:00:00Z'],
  ['in summer', '2026-07-05T09:00', '2026-07-05T07:00:00Z'],
  ['R-TIME-3: a time that there is twice is the first of the two', '2026-10-25T02:30', '2026-10-25T00:30:00Z'],
  ['R-TIME-3: one that there is not is moved on', '2026-03-29T02:30', '2026-03-29T01:30:00Z'],
  ['an instant', '2026-07-05T09:00:00+05:00', '2026-07-05T04:00:00Z'],
])('instantOf() %s', (_name, text, instant) => {
  expect(new Date(instantOf(text, 'Europe/Berlin')).toISOString()).toBe(new Date(instant).toISOString());
});
