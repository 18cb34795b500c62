import type { HostCell } from '../../../../../client/console/answers';
import { gridOf, moved } from '../../../../../client/console/pages/run/grid-model';

const cells: readonly HostCell[] = [
  { host: 'web1', step: 'upgrade/wave:1/install', path: 'a', status: 'succeeded', changed: true },
  { host: 'web1', step: 'upgrade/wave:1/check', path: 'b', status: 'failed' },
  { host: 'web2', step: 'upgrade/wave:1/install', path: 'c', status: 'succeeded' },
  { host: 'db1', step: 'backup', path: 'd', status: 'running' },
];
const everything = { step: null, status: '', text: '' };

test('gridOf() shows each host once, with the worst that it came to', () => {
  const { hosts, counts } = gridOf(cells, everything);

  expect(hosts.map(({ host, status, changed }) => [host, status, changed])).toEqual([
    ['db1', 'running', false],
    ['web1', 'failed', true],
    ['web2', 'succeeded', false],
  ]);
  expect([...counts]).toEqual([
    ['running', 1],
    ['failed', 1],
    ['succeeded', 1],
  ]);
});

test.each([
  ['a step, in whatever wave', { ...everything, step: 'upgrade/install' }, ['web1', 'web2']],
  ['all within a step', { ...everything, step: 'upgrade' }, ['web1', 'web2']],
  ['a status', { ...everything, status: 'failed' }, ['web1']],
  ['a part of a name', { ...everything, text: 'WEB' }, ['web1', 'web2']],
])('gridOf() filters by %s', (_what, filter, expected) => {
  expect(gridOf(cells, filter).hosts.map(({ host }) => host)).toEqual(expected);
});

test('gridOf() counts all hosts of the step whatever the filter lets through', () => {
  const { counts } = gridOf(cells, { ...everything, step: 'upgrade', status: 'failed' });

  expect([...counts]).toEqual([
    ['failed', 1],
    ['succeeded', 1],
  ]);
});

test('gridOf() takes 10,000 rows in well under a frame of patience', () => {
  const many = Array.from({ length: 10_000 }, (_, index): HostCell => ({
    host: `host-${index % 2_000}`,
    step: `step-${index % 5}`,
    path: String(index),
    status: 'succeeded',
  }));

  expect(gridOf(many, everything).hosts).toHaveLength(2_000);
});

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 1, 5],
  ['ArrowDown', 8, 8],
  ['ArrowUp', 5, 1],
  ['ArrowUp', 1, 1],
  ['Home', 7, 0],
  ['End', 0, 9],
  ['a', 3, 3],
])('moved() leads by %s from %d to %d', (key, from, to) => {
  expect(moved(from, key, { columns: 4, count: 10 })).toBe(to);
});
