import { flat, nameOf, stepTree } from '../../../../../client/console/pages/run/step-tree';
import { described, listed } from './steps';

const plan = {
  steps: [
    described('approve', { verb: 'approval' }),
    described('upgrade', {
      verb: 'rollout',
      steps: [
        { label: 'on each host', steps: [described('install'), described('check')] },
        { label: 'rescue', steps: [described('tell')] },
      ],
    }),
  ],
  finally: [described('report')],
};

test('stepTree() names steps as the run does, also those of a rescue and of finally', () => {
  const paths = flat(stepTree(plan, [])).map(({ path }) => path);

  expect(paths).toEqual([
    'approve',
    'upgrade',
    'upgrade/install',
    'upgrade/check',
    'upgrade/rescue/tell',
    'finally/report',
  ]);
});

test('stepTree() shows a step that ran in several waves with the worst of them, from the first start to the last end', () => {
  const tree = stepTree(plan, [
    listed('upgrade/wave:1/install', { endedAt: '2026-11-21T09:00:05.000Z' }),
    listed('upgrade/wave:2/install', { status: 'failed', startedAt: '2026-11-21T09:00:07.000Z' }),
  ]);

  expect(flat(tree).find(({ path }) => path === 'upgrade/install')?.ran).toEqual({
    path: 'upgrade/wave:2/install',
    status: 'failed',
    attempts: 1,
    startedAt: '2026-11-21T09:00:00.000Z',
    endedAt: '2026-11-21T09:00:10.000Z',
    counts: null,
  });
});

test('stepTree() says of a step that was not reached that it did not run', () => {
  const tree = stepTree(plan, [listed('approve')]);

  expect(flat(tree).map(({ path, ran }) => [path, ran?.status ?? null])).toEqual([
    ['approve', 'succeeded'],
    ['upgrade', null],
    ['upgrade/install', null],
    ['upgrade/check', null],
    ['upgrade/rescue/tell', null],
    ['finally/report', null],
  ]);
});

test('stepTree() leaves what was taken back out of what was done', () => {
  const tree = stepTree(plan, [listed('approve', { phase: 'undo', status: 'undone' })]);

  expect(tree[0]?.ran).toBeNull();
});

test.each([
  ['upgrade/wave:2/install', 'upgrade/install'],
  ['each/item:shop/copy', 'each/copy'],
  ['approve', 'approve'],
])('nameOf() knows %s as %s', (path, name) => {
  expect(nameOf(path)).toBe(name);
});
