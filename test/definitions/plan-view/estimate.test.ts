import { estimatePlan } from '../../../definitions/plan-view/estimate';
import type { PlanEstimate } from '../../../definitions/plan-view/estimate';
import type { EstimateSources } from '../../../definitions/plan-view/estimate/place';
import { durationHistory } from '../../../workflows/domain/estimate';
import type { DurationSample, Estimate } from '../../../workflows/domain/estimate';
import { predictWork } from '../../../workflows/domain/work-prediction';
import { inventoryText, planText, runbook } from '../compiled';

const web = "${{ inventory.hosts.filter(h, h.labels.role == 'web') }}";

/** So often that it is history: 20 runs in which it took 1, 2, … 20 times that long. */
function often(step: string, ms: number, over: Partial<DurationSample> = {}): readonly DurationSample[] {
  return Array.from({ length: 20 }, (_, index) => ({
    step,
    phase: 'do',
    hostClass: '',
    durationMs: ms * (index + 1),
    ...over,
  }));
}

interface Asked {
  readonly spec: string;
  readonly history?: readonly DurationSample[];
  readonly sources?: Partial<EstimateSources>;
  readonly inventory?: string;
}

async function estimate({ spec, history = [], sources = {}, inventory = '' }: Asked): Promise<PlanEstimate> {
  const made = await planText({ text: [runbook(spec), `${inventoryText}${inventory}`].join('---\n') });
  const known = durationHistory(history);
  return estimatePlan(made, { historyOf: (name) => (name === 'test' ? known : new Map()), ...sources });
}

function figures(found: Estimate): readonly unknown[] {
  return found.source === 'none' ? ['none'] : [found.source, found.p50Ms, found.p90Ms, found.p95Ms];
}

test('a rollout takes its body for each group, its watching and its gate for each wave (R-WIN-2)', async () => {
  const spec = `
steps:
  - id: up
    rollout:
      targets: "${web}"
      waves: [1, 100%]
      parallel: 1
      bake: PT1M
      gate: [{ id: shop, uses: http.request, with: { url: 'https://shop.example' }, sample: { every: PT10S, count: 4 } }]
    steps:
      - { id: drain, exec: [drain], undo: { exec: [undrain] } }
      - { id: install, exec: [install], undo: { exec: [remove] } }
`;
  const history = [
    ...often('up/drain', 100),
    ...often('up/install', 1_000),
    ...often('up/drain', 10, { phase: 'undo' }),
    ...often('up/install', 500, { phase: 'undo' }),
  ];

  const { units, forward, backOut, work } = await estimate({ spec, history });

  // One host, then two groups of one: bodies of 11 s at p50, 19.8 s at p90, 20.9 s at p95.
  expect(units.map(({ path, wave, estimate: found }) => [path, wave, ...figures(found)])).toEqual([
    ['up', 1, 'history', 11_000 + 120_000, 19_800 + 120_000, 20_900 + 120_000],
    ['up', 2, 'history', 22_000 + 90_000, 39_600 + 90_000, 41_800 + 90_000],
  ]);
  expect(figures(forward)).toEqual(['history', 243_000, 269_400, 272_700]);
  expect(figures(backOut)).toEqual(['history', 3 * 5_100 + 30_000, 3 * 9_180 + 30_000, 3 * 9_690 + 30_000]);
  // The last task is the install of the last host: 19 s at p95, then 60 s of watching and 30 s of the gate.
  expect(predictWork(work)).toEqual({
    kind: 'predicted',
    work: { p95Ms: 272_700, lastTaskStartP95Ms: 272_700 - 19_000 - 90_000, backOutP95Ms: 59_070 },
    source: 'history',
  });
});

test('no more hosts of a redundancy group go at once than may be out, and so it takes longer (R-ROLL-1)', async () => {
  const spec = `
steps:
  - id: up
    rollout: { targets: "${web}", waves: [100%] }
    steps: [{ id: restart, exec: [restart], estimate: PT10S, undo: none }]
`;
  const inventory = '  redundancy: { web: { members: [web1, web2, web3], maxOut: 1 } }\n';

  const free = await estimate({ spec });
  const seated = await estimate({ spec, inventory });

  expect([figures(free.forward), figures(seated.forward)]).toEqual([
    ['runbook', 10_000, 10_000, 10_000],
    ['runbook', 30_000, 30_000, 30_000],
  ]);
});

test('hosts of several classes take as long as the slowest of them', async () => {
  const spec = `
steps:
  - { id: install, targets: [web1, lb1], fanOut: { parallel: 2 }, exec: [install], undo: none }
`;
  const history = [...often('install', 100, { hostClass: 'small' }), ...often('install', 10, { hostClass: 'large' })];

  const { forward } = await estimate({
    spec,
    history,
    sources: { classOf: (host) => (host === 'lb1' ? 'small' : 'large') },
  });

  expect(figures(forward)).toEqual(['history', 1_000, 1_800, 1_900]);
});

test.each<[string, string, Partial<EstimateSources>, readonly unknown[]]>([
  ['what nobody can tell', '{ id: a, targets: web1, exec: [a], undo: none }', {}, ['none']],
  [
    'the time limit, where that is wanted',
    '{ id: a, targets: web1, exec: [a], timeout: PT2M, retry: { attempts: 2 }, undo: none }',
    { assume: 'timeout' },
    ['timeout', 240_000, 240_000, 240_000],
  ],
  [
    'what the runbook says',
    '{ id: a, targets: web1, exec: [a], estimate: PT3S, undo: none }',
    { assume: 'timeout' },
    ['runbook', 3_000, 3_000, 3_000],
  ],
  [
    'what the runbook says of a group',
    '{ id: a, steps: [{ id: b, targets: web1, exec: [a], undo: none }], estimate: PT3S }',
    {},
    ['runbook', 3_000, 3_000, 3_000],
  ],
  [
    'branches side by side',
    '{ id: a, parallel: [{ id: b, targets: web1, exec: [b], estimate: 3s, undo: none }, { id: c, targets: web2, exec: [c], estimate: 5s, undo: none }] }',
    {},
    ['runbook', 5_000, 5_000, 5_000],
  ],
  ['a wait', '{ id: a, wait: { for: PT10M } }', {}, ['fixed', 600_000, 600_000, 600_000]],
  ['a wait for an event', '{ id: a, wait: { event: { name: go, due: PT1H, onDue: fail } } }', {}, ['none']],
])('the plan says where its figures come from: %s', async (_, step, sources, found) => {
  const { forward } = await estimate({ spec: `steps:\n  - ${step}`, sources });

  expect(figures(forward)).toEqual(found);
});

test('a plan with a step that nobody can tell the length of names it, and is predicted by nobody (R-WIN-2)', async () => {
  const spec = `
steps:
  - { id: a, targets: web1, exec: [a], estimate: PT3S, undo: { exec: [b] } }
`;

  const { work } = await estimate({ spec });

  expect(predictWork(work)).toEqual({ kind: 'unpredictable', steps: ['a'] });
});

test('a few runs are never below what the runbook says', async () => {
  const spec = 'steps: [{ id: a, targets: web1, exec: [a], estimate: PT3S, undo: none }]';

  const { steps } = await estimate({ spec, history: often('a', 100).slice(0, 3) });

  expect(steps.map(({ step, estimate: found }) => [step, ...figures(found)])).toEqual([
    ['a', 'few-runs', 3_000, 3_000, 3_000],
  ]);
});
