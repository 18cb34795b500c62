import fc from 'fast-check';

import type { Outcome } from '../../../workflows/rehearsal/schema';
import type { Step } from '../../../workflows/runbook/plan';
import { body, common, group, metric, operation, rollout, undoOf } from './plans';
import { effectsOf, play, repeated } from './play';

const broken = (host: string): Outcome => ({ step: 'install', host, exitCode: 1 });
const install = body('install');

test('R-ROLL-1: waves are cumulative, at least one host more each', async () => {
  const played = await play([rollout('up', [install], { waves: [{ count: 1 }, { percent: 25 }, { percent: 100 }] })], {
    hostCount: 6,
  });

  const waves = played.journal.flatMap((entry) => (entry.kind === 'wave.started' ? [entry.payload.hosts.length] : []));
  expect(waves).toEqual([1, 1, 4]);
});

test('R-ROLL-1: waves of one failure domain each have their own gate, and are undone newest first', async () => {
  const domains = [
    { name: 'north', end: 2 },
    { name: 'south', end: 4 },
  ];
  const steps = [
    rollout('up', [body('install', { undo: undoOf('install') })], {
      domains,
      gate: [metric('shop')],
      undoGate: [],
      onRolloutFailure: 'undo',
    }),
  ];
  const outcomes = [
    { step: 'shop', wave: 2, result: { status: 500 } },
    { step: 'shop', result: { status: 200 } },
  ];

  const played = await play(steps, { hostCount: 4, script: { outcomes } });

  const waves = played.journal.flatMap((entry) => (entry.kind === 'wave.started' ? [entry.payload] : []));
  expect(waves.map(({ wave, domain, hosts }) => [wave, domain, ...hosts])).toEqual([
    [1, 'north', 'web1', 'web2'],
    [2, 'south', 'web3', 'web4'],
  ]);
  expect(effectsOf(played).slice(4)).toEqual(['web4', 'web3', 'web2', 'web1'].map((host) => `install ${host} undo`));
  expect(played.result?.outcome).toBe('undone');
});

test('R-ROLL-2: hosts in flight finish, and no further group starts once failures exceed maxFailures', async () => {
  const steps = [rollout('up', [install, body('check')], { parallel: 2, maxFailures: { count: 1 } })];

  const played = await play(steps, { hostCount: 8, script: { outcomes: [broken('web1'), broken('web3')] } });

  expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'ROLLOUT_FAILED' } });
  expect(effectsOf(played).filter((effect) => effect.startsWith('check'))).toEqual(['check web2 do', 'check web4 do']);
  expect(played.state.frames['up']?.work).toMatchObject({ statuses: 'fsfs....' });
});

test('R-ROLL-11: tolerated failures are listed as exceptions, and the run is degraded', async () => {
  const steps = [rollout('up', [install], { maxFailures: { count: 1 } })];

  const played = await play(steps, { script: { outcomes: [broken('web3')] } });

  expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: true });
  expect(played.state.exceptions).toEqual(['up: web3']);
});

test('R-ROLL-2: with strict, no order of failures harms more than n + 1 hosts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 6 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 12 }),
      async (limit, parallel, bad) => {
        const steps = [
          rollout('up', [install], {
            parallel,
            maxFailures: { count: limit },
            strict: true,
            waves: [{ percent: 30 }, { percent: 100 }],
          }),
        ];
        const played = await play(steps, {
          hostCount: 12,
          script: { outcomes: bad.map((host) => broken(`web${host}`)) },
        });

        const failed = played.rows.filter(({ status }) => status === 'failed').length;
        expect(failed).toBeLessThanOrEqual(limit + 1);
      },
    ),
    { numRuns: 60 },
  );
});

test('D10: never more than `parallel` hosts are between their first and their last step', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 4 }),
      async (parallel, bad) => {
        const steps = [
          rollout('up', [body('drain'), install, body('undrain')], { parallel, maxFailures: { count: 10 } }),
        ];
        const played = await play(steps, {
          hostCount: 10,
          script: { outcomes: bad.map((host) => broken(`web${host}`)) },
        });

        const failed = new Set(bad.map((host) => `web${host}`));
        let drained = 0;
        let most = 0;
        for (const { step, host } of played.applied) {
          if (failed.has(host ?? '')) continue;
          if (step === 'drain') drained += 1;
          if (step === 'undrain') drained -= 1;
          most = Math.max(most, drained);
        }
        expect(most).toBeLessThanOrEqual(parallel);
      },
    ),
    { numRuns: 40 },
  );
});

test('a retry in a body is for the failed hosts only, under the next generation', async () => {
  const steps = [rollout('up', [body('install', { retry: { attempts: 2, delayMs: 1000, backoff: 1 } })])];

  const played = await play(steps, {
    hostCount: 2,
    script: { outcomes: [{ step: 'install', host: 'web1', attempt: 1, exitCode: 1 }] },
  });

  expect(played.rows.map(({ path, generation, status }) => `${path}@${generation} ${status}`)).toEqual([
    'up/host:web1/install@1 failed',
    'up/host:web2/install@1 succeeded',
    'up/host:web1/install@2 succeeded',
  ]);
});

test('a rescue in a body is for the failed hosts only, and takes them back into the group', async () => {
  const steps = [rollout('up', [body('install', { rescue: [body('repair')] }), body('check')])];

  const played = await play(steps, { hostCount: 3, script: { outcomes: [broken('web2')] } });

  expect(played.result?.outcome).toBe('succeeded');
  expect(effectsOf(played).filter((effect) => effect.startsWith('repair'))).toEqual(['repair web2 do']);
  expect(effectsOf(played).filter((effect) => effect.startsWith('check'))).toHaveLength(3);
});

test('groups nest in a body, and a condition of the run is decided once', async () => {
  const inner = group('prepare', [body('stop'), body('copy')], { at: 'prepare' });
  const never = group('skip', [body('wrong')], { at: 'skip', if: { expression: 'false', perHost: false } });

  const played = await play([rollout('up', [inner, never, install])], { hostCount: 1 });

  expect(played.rows.map(({ path }) => path)).toEqual([
    'up/host:web1/prepare/stop',
    'up/host:web1/prepare/copy',
    'up/host:web1/install',
  ]);
});

test('a condition that reads the host is decided per host', async () => {
  const steps = [rollout('up', [body('install', { if: { expression: "host.name == 'web2'", perHost: true } })])];

  const played = await play(steps, { hostCount: 3 });

  expect(effectsOf(played)).toEqual(['install web2 do']);
  expect(played.result?.outcome).toBe('succeeded');
});

test('R-ROLL-10: a host that is not through by its deadline is one failure', async () => {
  const steps = [
    rollout('up', [install, body('check')], { hostDeadlineMs: 60_000, parallel: 1, maxFailures: { count: 1 } }),
  ];

  const played = await play(steps, {
    hostCount: 2,
    script: { outcomes: [{ step: 'install', host: 'web1', takes: 'PT5M' }] },
  });

  expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: true });
  expect(played.rows.filter(({ host }) => host === 'web1').map(({ step }) => step)).toEqual([]);
  expect(effectsOf(played)).toEqual(['install web1 do', 'install web2 do', 'check web2 do']);
});

describe('gate', () => {
  const shop = metric('shop');

  test('R-ROLL-12: a gate that fails before the first wave refuses the start', async () => {
    const played = await play([rollout('up', [install], { gate: [shop] })], {
      script: { outcomes: [{ step: 'shop', result: { status: 500 } }] },
    });

    expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'GATE_NOT_PASSED' } });
    expect(effectsOf(played)).toEqual([]);
  });

  test('R-ROLL-3: a gate that fails after a wave goes by the policy of the rollout', async () => {
    const undoable = body('install', { undo: undoOf('install') });
    const steps = [
      rollout('up', [undoable], {
        gate: [shop],
        waves: [{ count: 2 }, { percent: 100 }],
        onRolloutFailure: 'undo',
        undoGate: [metric('old', { at: 'old' })],
      }),
    ];
    const outcomes: readonly Outcome[] = [
      { step: 'shop', wave: 1, result: { status: 500 } },
      { step: 'shop', result: { status: 200 } },
      { step: 'old', result: { status: 200 } },
    ];

    const played = await play(steps, { script: { outcomes } });

    expect(played.result?.outcome).toBe('undone');
    expect(effectsOf(played)).toEqual(['install web1 do', 'install web2 do', 'install web2 undo', 'install web1 undo']);
  });

  test('R-ROLL-3: what cannot be judged asks people, whatever the policy says', async () => {
    const vague = metric('shop', { fail: 'result.status == 500' });
    const steps = [rollout('up', [install], { gate: [vague], onRolloutFailure: 'undo' })];
    const outcomes: readonly Outcome[] = [
      { step: 'shop', wave: 1, result: { status: 404 } },
      { step: 'shop', result: { status: 200 } },
    ];

    const played = await play(steps, {
      script: { outcomes, answers: [{ task: 'pause', by: 'user/anna', choose: 'continue' }] },
    });

    expect(played.result?.outcome).toBe('succeeded');
    expect(played.journal.flatMap((entry) => (entry.kind === 'gate.verdict' ? [entry.payload.verdict] : []))).toEqual([
      'successful',
      'inconclusive',
    ]);
  });

  test('R-ROLL-5: the bake comes before the samples, and samples are taken at their distance', async () => {
    const slow = metric('shop', {
      sample: { ...shop.sample, count: 3, everyMs: 15_000 },
      operation: operation({ name: 'http.request', effect: 'read', pass: 'result.status == 200' }),
    });
    const steps = [rollout('up', [install], { gate: [slow], bakeMs: 300_000 })];

    const played = await play(steps, {
      script: { outcomes: [{ step: 'shop', result: { status: 200 }, takes: 'PT0S' }] },
    });

    // Before the first wave: two distances. Then one second of work, the bake, and two distances again.
    expect(played.endedAt - played.state.startedAt).toBe(30_000 + 1000 + 300_000 + 30_000);
  });
});

describe('what stops a rollout', () => {
  const steps = [
    rollout('up', [body('install', { undo: undoOf('install') })], { parallel: 1, onRolloutFailure: 'pause' }),
  ];
  const outcomes: readonly Outcome[] = [{ step: 'install', host: 'web2', attempt: 1, exitCode: 1 }];

  test.each([
    ['retry', 'succeeded', ['web1', 'web2', 'web2', 'web3', 'web4', 'web5', 'web6']],
    ['undo', 'undone', ['web1', 'web2']],
    ['stop', 'failed', ['web1', 'web2']],
  ])('pause asks, and %s ends it %s', async (choose, outcome, installed) => {
    const played = await play(steps, { script: { outcomes, answers: [{ task: 'pause', by: 'user/anna', choose }] } });

    expect(played.result?.outcome).toBe(outcome);
    expect(played.applied.filter(({ phase }) => phase === 'do').map(({ host }) => host)).toEqual(installed);
    expect(repeated(played)).toEqual([]);
  });

  test('onHostFailure: undo takes the failed host back at once, and the others go on', async () => {
    const two = [body('drain', { undo: undoOf('drain') }), body('install')];
    const tolerant = [rollout('up', two, { maxFailures: { count: 1 }, onHostFailure: 'undo' })];

    const played = await play(tolerant, { hostCount: 2, script: { outcomes: [broken('web1')] } });

    expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: true });
    expect(effectsOf(played)).toContain('drain web1 undo');
    expect(effectsOf(played)).not.toContain('drain web2 undo');
  });
});

describe('hosts that nobody knows about (D1)', () => {
  const unsafe = operation({ effect: 'unsafe' });
  const steps = [
    rollout('up', [body('install', { operation: unsafe, undo: undoOf('install') }), body('check')], {
      maxFailures: { count: 1 },
    }),
  ];
  const outcomes: readonly Outcome[] = [{ step: 'install', host: 'web2', attempt: 1, lose: 'afterEffect' }];

  test('the group goes on without them, and they go on once somebody has said that it was done', async () => {
    const played = await play(steps, {
      hostCount: 3,
      script: { outcomes, answers: [{ task: 'unknown', by: 'user/anna', choose: 'done', after: 'PT1H' }] },
    });

    expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: false });
    expect(effectsOf(played)).toEqual([
      'install web1 do',
      'install web2 do',
      'install web3 do',
      'check web1 do',
      'check web3 do',
      'check web2 do',
    ]);
  });

  test('they count against the budget until they are answered, and a failure stays one', async () => {
    const played = await play(steps, {
      hostCount: 3,
      script: { outcomes, answers: [{ task: 'unknown', by: 'user/anna', choose: 'fail' }] },
    });

    expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: true });
  });

  test('one task lists them all, to be answered one by one', async () => {
    const lost: readonly Outcome[] = [{ step: 'install', attempt: 1, lose: 'afterEffect' }];
    const answers = [
      { task: 'unknown', by: 'user/anna', choose: 'done', hosts: ['web1'] },
      { task: 'unknown', by: 'user/ben', choose: 'not-done', hosts: ['web2'], after: 'PT1M' },
    ];

    const played = await play(steps, { hostCount: 2, script: { outcomes: lost, answers } });

    expect(played.result?.outcome).toBe('succeeded');
    expect(played.applied.filter(({ step }) => step === 'install').map(({ key }) => key)).toEqual([
      'rehearsal/up/host:web1/install@1/do',
      'rehearsal/up/host:web2/install@1/do',
      'rehearsal/up/host:web2/install@3/do',
    ]);
  });
});

test('wait.for in a body lets the whole group wait', async () => {
  const pause: Step = { ...common('settle', 'wait'), kind: 'wait', wait: { for: { literal: 20_000 } } };

  const played = await play([rollout('up', [install, pause, body('check')])], { hostCount: 2 });

  expect(played.endedAt - played.state.startedAt).toBe(22_000);
});
