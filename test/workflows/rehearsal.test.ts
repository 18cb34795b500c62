import { rehearse } from '../../workflows/rehearsal';
import { faults } from '../../workflows/rehearsal/faults';
import { approval, body, hosts, metric, operation, planOf, rollout, task, undoOf } from './runbook/plans';
import { play } from './runbook/play';

const steps = [
  approval('ok', { min: 2 }),
  rollout('up', [body('drain', { undo: undoOf('drain', 'started') }), body('install', { undo: undoOf('install') })], {
    waves: [{ count: 1 }, { percent: 100 }],
    gate: [metric('shop')],
    bakeMs: 300_000,
    onRolloutFailure: 'undo',
  }),
];
const answers = [
  { task: 'ok', by: 'user/anna', choose: 'approve', after: 'PT2H' },
  { task: 'ok', by: 'user/ben', choose: 'approve', after: 'PT3H' },
];
const shop = { step: 'shop', result: { status: 200 } };

test('rehearse() plays days in no time, and says what was expected and did not come so', async () => {
  const outcomes = [{ step: 'install', host: 'web3', exitCode: 100 }, shop];

  const played = await play(steps, {
    script: {
      outcomes,
      answers,
      expect: {
        outcome: 'undone',
        steps: { install: { web1: 'undone', web3: 'failed' } },
        never: [{ step: 'install', host: 'web2' }],
      },
    },
  });

  expect(played.problems).toEqual(['never: step install on web2 was done (do)']);
  expect(played.timeline.at(-1)?.text).toBe('run ended: undone');
});

test('rehearse() says which effect the script does not cover', async () => {
  const played = await rehearse({ plan: planOf([task('mystery')]), hosts: {}, script: {} });

  expect(played.problems).toEqual(['Cannot rehearse step "mystery" (do): no outcome matches']);
});

test('rehearse() says which question nobody answers', async () => {
  const played = await play([task('pay', { operation: operation({ name: 'http.request', effect: 'unsafe' }) })], {
    script: { outcomes: [{ step: 'pay', lose: 'afterEffect' }] },
  });

  expect(played.problems).toEqual(['Cannot go on: nobody answers "Nobody can tell whether step "pay" was done" (pay)']);
});

test('a lost reply is harmless where a repeat re-attaches or changes nothing', async () => {
  const played = await play([rollout('up', [body('install')])], {
    hostCount: 2,
    script: { outcomes: [{ step: 'install', lose: 'afterEffect' }] },
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.applied.map(({ times }) => times)).toEqual([1, 1]);
});

test('D3: a probe decides after a lost reply', async () => {
  const probed = task('create', {
    operation: operation({ name: 'http.request', effect: 'probed' }),
    probe: operation({ name: 'http.request', effect: 'read', pass: 'result.there == true' }),
  });
  const outcome = (there: boolean) => [
    { step: 'create', phase: 'do' as const, lose: 'afterEffect' as const },
    { step: 'create', phase: 'probe' as const, sample: 1, result: { there } },
    { step: 'create', phase: 'probe' as const, result: { there } },
  ];

  const found = await play([probed], { script: { outcomes: outcome(false) } });

  expect(found.result?.outcome).toBe('failed');
});

test('faults() plays each step with each fault, and no effect happens twice', async () => {
  const request = {
    plan: planOf(steps),
    hosts: { web: hosts(6) },
    script: { outcomes: [shop, { step: '*', phase: '*' as const }], answers },
  };

  const matrix = await faults(request);

  expect(matrix.flatMap(({ repeated }) => repeated)).toEqual([]);
  expect(matrix.map(({ step, fault, outcome }) => `${step} ${fault}: ${outcome ?? 'waits'}`)).toEqual([
    'ok task unanswered: failed',
    'drain fails: undone',
    'drain times out: undone',
    'drain reply lost before the effect: succeeded',
    'drain reply lost after the effect: succeeded',
    'drain host gone: waits',
    'install fails: undone',
    'install times out: undone',
    'install reply lost before the effect: succeeded',
    'install reply lost after the effect: succeeded',
    'install host gone: waits',
  ]);
});
