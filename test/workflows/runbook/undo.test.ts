import type { Outcome } from '../../../workflows/rehearsal/schema';
import { body, metric, noReads, operation, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';

const worker = { on: 'worker' } as const;
const upgrade = [body('drain', { undo: undoOf('drain') }), body('install', { undo: undoOf('install') })];
const steps = [
  rollout('up', upgrade, {
    parallel: 2,
    waves: [{ count: 2 }, { percent: 100 }],
    onRolloutFailure: 'undo',
  }),
];
const broken: Outcome = { step: 'install', host: 'web4', exitCode: 1 };

test('R-ROLL-8: undo goes newest wave first, each group the steps backwards', async () => {
  const played = await play(steps, { hostCount: 4, script: { outcomes: [broken] } });

  expect(effectsOf(played).filter((effect) => effect.endsWith('undo'))).toEqual([
    'install web3 undo',
    'drain web4 undo',
    'drain web3 undo',
    'install web2 undo',
    'install web1 undo',
    'drain web2 undo',
    'drain web1 undo',
  ]);
  expect(played.state.undone).toEqual(['up/install', 'up/drain']);
});

describe('D13: a failed undo stops that host only, and one task asks', () => {
  const stuck: Outcome = { step: 'install', host: 'web1', phase: 'undo', attempt: 1, exitCode: 1 };
  const outcomes = [broken, stuck];
  const answer = (choose: string) => [{ task: 'undo-failed', by: 'user/anna', choose }];

  test('retry undoes the rest of it', async () => {
    const played = await play(steps, { hostCount: 4, script: { outcomes, answers: answer('retry') } });

    expect(played.result?.outcome).toBe('undone');
    const opened = played.journal.flatMap((entry) => (entry.kind === 'task.opened' ? [entry.payload] : []));
    expect(opened.map(({ kind, hosts }) => ({ kind, hosts }))).toEqual([{ kind: 'undo-failed', hosts: ['web1'] }]);
    expect(effectsOf(played).slice(-2)).toEqual(['install web1 undo', 'drain web1 undo']);
  });

  test('skip leaves out just the undo that failed', async () => {
    const played = await play(steps, {
      hostCount: 4,
      script: { outcomes: [broken, { ...stuck, attempt: 1 }], answers: answer('skip') },
    });

    expect(played.result?.outcome).toBe('undone');
    expect(effectsOf(played).slice(-1)).toEqual(['drain web1 undo']);
  });

  test('giving up ends the run undo-failed, and nothing older is touched', async () => {
    const older = task('older', { undo: undoOf('older', 'success', worker) });

    const played = await play([older, ...steps], {
      hostCount: 4,
      program: { onFailure: 'undo' },
      script: { outcomes, answers: answer('give-up') },
    });

    expect(played.result?.outcome).toBe('undo-failed');
    expect(effectsOf(played)).not.toContain('older undo');
    expect(effectsOf(played)).toContain('drain web2 undo');
  });
});

test('after undoing, the gate runs once, and a bad one asks', async () => {
  const gated = [
    {
      ...steps[0],
      ...rollout('up', [body('install', { undo: undoOf('install') })], {
        gate: [metric('shop')],
        onRolloutFailure: 'undo',
      }),
    },
  ];
  const outcomes: readonly Outcome[] = [
    { step: 'install', host: 'web2', exitCode: 1 },
    { step: 'shop', wave: 0, result: { status: 200 } },
    { step: 'shop', attempt: 2, result: { status: 200 } },
    { step: 'shop', result: { status: 500 } },
  ];

  const played = await play(gated, {
    hostCount: 2,
    script: { outcomes, answers: [{ task: 'undo-failed', by: 'user/anna', choose: 'retry' }] },
  });

  expect(played.result?.outcome).toBe('undone');
  expect(played.journal.flatMap((entry) => (entry.kind === 'gate.verdict' ? [entry.payload.verdict] : []))).toEqual([
    'successful',
    'failed',
    'successful',
  ]);
});

test('a gate that reads the wave is measured before the first wave and after an undo as wave 0', async () => {
  const shop = metric('shop', {
    operation: operation({ name: 'http.request', effect: 'read', pass: 'result.status == 200 && wave.index >= 0' }),
    reads: { ...noReads, names: ['wave'] },
  });
  const gated = rollout('up', [body('install', { undo: undoOf('install') })], {
    gate: [shop],
    onRolloutFailure: 'undo',
  });
  const outcomes: readonly Outcome[] = [
    { step: 'install', host: 'web2', exitCode: 1 },
    { step: 'shop', result: { status: 200 } },
  ];

  const played = await play([gated], { hostCount: 2, script: { outcomes } });

  expect(played.result?.outcome).toBe('undone');
  expect(played.journal.flatMap((entry) => (entry.kind === 'gate.verdict' ? [entry.payload.verdict] : []))).toEqual([
    'successful',
    'successful',
  ]);
});

test('the whole run is undone in the reverse order of its steps', async () => {
  const changing = ['one', 'two', 'three'].map((id) => task(id, { undo: undoOf(id, 'success', worker) }));

  const played = await play([...changing, task('broken')], {
    program: { onFailure: 'undo' },
    script: { outcomes: [{ step: 'broken', fail: 'BROKEN' }] },
  });

  expect(effectsOf(played).slice(3)).toEqual(['three undo', 'two undo', 'one undo']);
  expect(played.state.undone).toEqual(['three', 'two', 'one']);
});

test('a group of undo steps undoes one step', async () => {
  const undo = {
    kind: 'steps',
    after: 'success',
    steps: [task('restore', { at: 'x.restore' }), task('verify', { at: 'x.verify' })],
  } as const;

  const played = await play([task('change', { undo }), task('broken')], {
    program: { onFailure: 'undo' },
    script: { outcomes: [{ step: 'broken', fail: 'BROKEN' }] },
  });

  expect(effectsOf(played)).toEqual(['change do', 'restore do', 'verify do']);
  expect(played.result?.outcome).toBe('undone');
});

test('a probe that passes before the step leaves nothing to undo', async () => {
  const probed = task('change', {
    undo: undoOf('change', 'success', worker),
    probe: operation({ name: 'http.request', effect: 'read' }),
  });

  const played = await play([probed, task('broken')], {
    program: { onFailure: 'undo' },
    script: {
      outcomes: [
        { step: 'broken', fail: 'BROKEN' },
        { step: 'change', phase: 'probe' },
      ],
    },
  });

  expect(effectsOf(played)).toEqual([]);
  expect(played.result?.outcome).toBe('failed');
});

describe('a rollout that has changed nothing has nothing to undo, and no gate to measure', () => {
  const shop = metric('shop', { sample: { ...metric('shop').sample, count: 4 } });
  const gated = rollout('up', [body('look', { operation: operation({ effect: 'read' }) }), ...upgrade], {
    gate: [shop],
    onRolloutFailure: 'undo',
  });
  const cancel = { action: 'cancel', actor: 'user/anna', via: 'cli', id: 'c1', keep: false, reason: '' } as const;
  const ok: Outcome = { step: 'shop', wave: 0, result: { status: 200 } };

  test('when it is cancelled at its first gate', async () => {
    const played = await play([gated], {
      script: { outcomes: [{ step: 'shop', result: { status: 500 } }] },
      controls: [{ afterMs: 0, control: cancel }],
    });

    expect(played.result?.outcome).toBe('cancelled');
    expect(played.problems).toEqual([]);
    expect(played.endedAt).toBe(played.state.startedAt);
  });

  test('when its hosts fail before anything is done to them', async () => {
    const played = await play([gated], { script: { outcomes: [ok, { step: 'look', exitCode: 1 }] } });

    expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'ROLLOUT_FAILED' } });
    expect(played.problems).toEqual([]);
  });

  test('and neither has its run, which goes on from there when it is resumed', async () => {
    const stopping = { ...gated, onRolloutFailure: 'stop' as const };
    const program = { onFailure: 'undo' as const };

    const played = await play([task('before'), stopping], {
      program,
      script: { outcomes: [ok, { step: 'look', exitCode: 1 }] },
    });
    const resumed = await play([task('before'), stopping], {
      program,
      script: { outcomes: [{ step: 'shop', result: { status: 200 } }] },
      resume: { request: { by: 'user/anna' }, state: played.state },
    });

    expect(played.result?.outcome).toBe('failed');
    expect(resumed.result?.outcome).toBe('succeeded');
    expect(effectsOf(resumed)).not.toContain('before do');
  });

  test('but what each host was taken back from on its own is still judged', async () => {
    const eager = { ...gated, onHostFailure: 'undo' as const };

    const played = await play([eager], {
      hostCount: 1,
      script: {
        outcomes: [ok, { step: 'install', exitCode: 1 }, { step: 'shop', result: { status: 200 } }],
      },
    });

    expect(played.result?.outcome).toBe('undone');
    expect(played.timeline.map(({ text }) => text)).toContain('up/wave:undo/gate:shop: successful after 4 samples');
  });
});

test('a rehearsal names the hosts of an undo, which goes in groups of its own', async () => {
  const played = await play(steps, { hostCount: 4, script: { outcomes: [broken] } });

  expect(played.timeline.map(({ text }) => text).filter((text) => text.startsWith('undo of'))).toEqual([
    'undo of up/install on web3: undone (1 ok, 0 failed, 0 skipped, 0 unknown)',
    'undo of up/drain on web4, web3: undone (2 ok, 0 failed, 0 skipped, 0 unknown)',
    'undo of up/install on web2, web1: undone (2 ok, 0 failed, 0 skipped, 0 unknown)',
    'undo of up/drain on web2, web1: undone (2 ok, 0 failed, 0 skipped, 0 unknown)',
  ]);
});
