import { graphOf } from '../../../../../client/console/pages/run/graph-model';
import { stepTree } from '../../../../../client/console/pages/run/step-tree';
import { described, listed } from './steps';

const plan = {
  steps: [
    described('build', {
      verb: 'parallel',
      steps: [{ label: 'side by side', steps: [described('left'), described('right')] }],
    }),
    described('ship'),
  ],
  finally: [described('report')],
};

test('graphOf() leads from every branch to the step after them, and to finally at the end', () => {
  const { edges } = graphOf(stepTree(plan, []));

  expect(edges.map(({ source, target }) => `${source} > ${target}`)).toEqual([
    'build > build/left',
    'build > build/right',
    'build/left > ship',
    'build/right > ship',
    'ship > finally/report',
  ]);
});

test('graphOf() puts what follows to the right of what it follows, and branches above each other', () => {
  const { nodes } = graphOf(stepTree(plan, []));
  const at = new Map(nodes.map(({ id, x, y }) => [id, { x, y }]));

  expect(at.get('ship')?.x).toBeGreaterThan(at.get('build/left')?.x ?? Number.NaN);
  expect(at.get('build/left')?.x).toBe(at.get('build/right')?.x);
  expect(at.get('build/left')?.y).not.toBe(at.get('build/right')?.y);
});

test('graphOf() shows how each step stands, on how many hosts, and what is under way', () => {
  const counts = { ok: 3, failed: 1, skipped: 0, unknown: 0 };
  const { nodes, edges } = graphOf(
    stepTree(plan, [listed('build/left', { status: 'failed', counts }), listed('ship', { status: 'running' })]),
  );

  expect(nodes.map(({ id, status, progress, isContainer }) => ({ id, status, progress, isContainer }))).toEqual([
    { id: 'build', status: 'pending', progress: null, isContainer: true },
    { id: 'build/left', status: 'failed', progress: '3 ok, 1 failed', isContainer: false },
    { id: 'build/right', status: 'pending', progress: null, isContainer: false },
    { id: 'ship', status: 'running', progress: null, isContainer: false },
    { id: 'finally/report', status: 'pending', progress: null, isContainer: false },
  ]);
  expect(edges.filter(({ isActive }) => isActive).map(({ target }) => target)).toEqual(['ship', 'ship']);
});

test('graphOf() shows a rescue beside what it is there for, and lets nothing follow it', () => {
  const rescued = {
    steps: [described('install', { steps: [{ label: 'rescue', steps: [described('tell')] }] }), described('check')],
    finally: [],
  };

  expect(graphOf(stepTree(rescued, [])).edges.map(({ source, target }) => `${source} > ${target}`)).toEqual([
    'install > install/rescue/tell',
    'install > check',
  ]);
});
