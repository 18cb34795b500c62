import type { Outcome } from '../../../workflows/rehearsal/schema';
import type { Step } from '../../../workflows/runbook/plan';
import { approval, body, common, group, metric, operation, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';

/** Sentences of `language.md` that no other test guards. */
const reading = { names: [], steps: ['risky'], hostSteps: [] };

function set(id: string, expression: string): Step {
  return { ...common(id, 'set'), kind: 'set', values: { x: { expression } }, perHost: false, reads: reading };
}

describe('section 5: what follows a failure', () => {
  test('success of the rescue makes the step succeeded, and rescued', async () => {
    const risky = task('risky', { rescue: [task('mend')], keep: ['status', 'rescued', 'ok'] });

    const played = await play([risky, set('after', 'steps.risky.rescued && steps.risky.ok')], {
      program: { outputs: { x: { expression: '[steps.risky.status, steps.risky.rescued]' } } },
      script: { outcomes: [{ step: 'risky', fail: 'BROKEN' }] },
    });

    expect(played.result?.outputs).toEqual({ x: ['succeeded', true] });
    expect(played.result?.degraded).toBe(false);
  });

  test.each<[string, Step]>([
    ['a condition that cannot be evaluated', task('risky', { if: { expression: 'steps.nobody.x', perHost: false } })],
    ['a refused point of no return', task('risky', { pointOfNoReturn: approval('ok').approval })],
  ])('%s is a failure like any other: rescue and onFailure see it', async (_, step) => {
    const answers = [{ task: 'approval', by: 'user/anna', choose: 'reject' }];
    const rescued = await play([{ ...step, rescue: [task('mend')] }, task('last')], { script: { answers } });
    const tolerated = await play([{ ...step, onFailure: 'continue' }, task('last')], { script: { answers } });

    expect(effectsOf(rescued)).toEqual(['mend do', 'last do']);
    expect(effectsOf(tolerated)).toEqual(['last do']);
    expect(tolerated.result).toMatchObject({ outcome: 'succeeded', degraded: true });
  });

  test('whoever tries a refused step again is asked for its permission again', async () => {
    const risky = task('risky', { pointOfNoReturn: approval('ok').approval, onFailure: 'ask' });

    const played = await play([risky], {
      script: {
        answers: [
          { task: 'approval', by: 'user/anna', choose: 'reject' },
          { task: 'failure', by: 'user/anna', choose: 'retry' },
          { task: 'approval', by: 'user/ben', choose: 'approve' },
        ],
      },
    });

    expect(played.result?.outcome).toBe('succeeded');
    expect(effectsOf(played)).toEqual(['risky do']);
  });

  test('section 3: a condition that cannot be evaluated is a failure in a body as well, never a reason to run', async () => {
    const broken = { expression: 'steps.nobody.x', perHost: false };
    const steps = [rollout('up', [body('one', { if: broken }), group('box', [body('two')], { if: broken })])];

    const played = await play(steps, { hostCount: 2 });

    expect(effectsOf(played)).toEqual([]);
    expect(played.result?.outcome).toBe('failed');
    expect(Object.values(played.state.frames)[0]?.work).toMatchObject({ left: { 0: { code: 'EXPRESSION_FAILED' } } });
  });

  test('finally runs after undo, sees the outcome, and its failure makes a succeeded run failed', async () => {
    const played = await play([task('work')], {
      program: { finally: [task('report')] },
      script: { outcomes: [{ step: 'report', fail: 'BROKEN' }] },
    });

    expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'BROKEN' } });
  });

  test('locks of a step that failed are kept until after finally, unless the failure is tolerated', async () => {
    const holder = task('holder', { locks: ['service/shop'] });
    const box = group('box', [holder], { onFailure: 'continue' });
    const fails: readonly Outcome[] = [{ step: 'holder', fail: 'BROKEN' }];

    const tolerated = await play([box, task('next', { locks: ['service/shop'] })], { script: { outcomes: fails } });
    const items: Step = {
      ...common('all', 'forEach'),
      kind: 'forEach',
      in: { literal: ['x', 'y'] },
      as: 'item',
      parallel: 1,
      maxFailures: 1,
      steps: [holder],
    };
    const loop = await play([items], { script: { outcomes: [{ ...fails[0], step: 'holder', item: '0' }] } });

    expect(tolerated.result?.outcome).toBe('succeeded');
    expect(loop.result).toMatchObject({ outcome: 'succeeded', degraded: true });
  });

  test('a loop that is resumed lists only what failed in the end', async () => {
    const items: Step = {
      ...common('all', 'forEach'),
      kind: 'forEach',
      in: { literal: ['x', 'y', 'z'] },
      as: 'item',
      key: 'item',
      parallel: 3,
      maxFailures: 1,
      steps: [task('copy')],
    };
    const first = await play([items], {
      script: { outcomes: ['x', 'y'].map((item) => ({ step: 'copy', item, fail: 'BROKEN' })) },
    });

    const second = await play([items], { resume: { request: { by: 'user/anna' }, state: first.state } });

    expect(second.result).toMatchObject({ outcome: 'succeeded', degraded: false });
    expect(second.state.exceptions).toEqual([]);
  });
});

describe('section 6: undo', () => {
  test('the undo of a body step runs on its own delegates', async () => {
    const where = { on: 'body', delegate: { set: 'web', all: true } } as const;
    const steps = [rollout('up', [body('install', { undo: undoOf('install', 'success', where) }), body('broken')])];

    const played = await play(steps, {
      hostCount: 1,
      program: { onFailure: 'undo' },
      script: { outcomes: [{ step: 'broken', fail: 'BROKEN' }] },
    });

    expect(played.rows.filter(({ phase }) => phase === 'undo').map(({ path }) => path)).toEqual([
      'up/host:web1/install/delegate:web1',
    ]);
  });

  test('an undo with targets of its own runs on those, once', async () => {
    const onHosts = {
      on: 'hosts',
      set: 'web',
      single: false,
      parallel: 10,
      maxFailures: 0,
      allowEmpty: false,
    } as const;
    const steps = [task('change', { undo: undoOf('change', 'success', onHosts) }), task('broken')];

    const played = await play(steps, {
      hostCount: 2,
      program: { onFailure: 'undo' },
      script: {
        outcomes: [
          { step: 'broken', fail: 'BROKEN' },
          { step: 'change', phase: 'undo', host: 'web2', attempt: 1, exitCode: 1 },
        ],
        answers: [{ task: 'undo-failed', by: 'user/anna', choose: 'retry' }],
      },
    });

    expect(played.result?.outcome).toBe('undone');
    expect(played.rows.filter(({ phase }) => phase === 'undo').map(({ host, status }) => `${host} ${status}`)).toEqual([
      'web1 succeeded',
      'web2 failed',
      'web2 succeeded',
    ]);
    expect(played.state.undone).toEqual(['change']);
  });

  test('a group of undo steps may look, and wait, before it goes on', async () => {
    const undo = {
      kind: 'steps',
      after: 'success',
      steps: [
        body('stop', { at: 'stop' }),
        { ...common('rest', 'wait'), kind: 'wait', wait: { for: { literal: 60_000 } } },
        { ...common('look', 'assert'), kind: 'assert', that: [{ expression: 'false' }], perHost: true },
        body('remove', { at: 'remove' }),
      ],
    } as const;
    const steps = [rollout('up', [body('install', { undo })])];

    const played = await play(steps, {
      hostCount: 1,
      script: { answers: [{ task: 'undo-failed', by: 'user/anna', choose: 'give-up' }] },
      program: { finally: [], onFailure: 'undo' },
    });
    const undone = await play([...steps, task('broken')], {
      hostCount: 1,
      program: { onFailure: 'undo' },
      script: {
        outcomes: [{ step: 'broken', fail: 'BROKEN' }],
        answers: [{ task: 'undo-failed', by: 'user/anna', choose: 'give-up', after: 'PT0S' }],
      },
    });

    expect(played.result?.outcome).toBe('succeeded');
    expect(undone.result?.outcome).toBe('undo-failed');
    expect(effectsOf(undone)).toEqual(
      ['install web1 do', 'broken do', 'stop web1 undo'].filter((each) => !each.startsWith('broken')),
    );
    expect(undone.endedAt - undone.state.startedAt).toBeGreaterThan(60_000);
  });

  test('R-ROLL-9: past a point of no return a failed host is not taken back without being asked', async () => {
    const steps = [
      rollout('up', [body('drain', { undo: undoOf('drain') }), body('install')], {
        onHostFailure: 'undo',
        maxFailures: { count: 1 },
        pointOfNoReturn: approval('ok').approval,
      }),
    ];
    const playing = (choose: string) =>
      play(steps, {
        hostCount: 2,
        script: {
          outcomes: [{ step: 'install', host: 'web2', exitCode: 1 }],
          answers: [
            { task: 'approval', by: 'user/anna', choose: 'approve' },
            { task: 'failure', by: 'user/anna', choose },
          ],
        },
      });

    const [left, undone] = [await playing('leave'), await playing('undo')];

    expect(effectsOf(left).filter((effect) => effect.endsWith('undo'))).toEqual([]);
    expect(effectsOf(undone).filter((effect) => effect.endsWith('undo'))).toEqual(['drain web2 undo']);
  });
});

describe('section 9: people', () => {
  test('onDue: reject with onReject: continue goes on, and the record says so', async () => {
    const steps = [
      { ...approval('ok', {}, { onReject: 'continue', due: { ms: 1000 } }), keep: ['choice'] },
      task('after'),
    ];

    const played = await play(steps, { program: { outputs: { x: { expression: 'steps.ok.choice' } } } });

    expect(played.result).toMatchObject({ outcome: 'succeeded', outputs: { x: 'reject' } });
  });
});

test('section 8: attempts are those of the runbook, also after a resume', async () => {
  const steps = [task('risky', { keep: ['attempts'] }), task('last')];
  const outputs = { x: { expression: 'steps.risky.attempts' } };
  const first = await play([task('zero'), ...steps], {
    program: { outputs },
    script: { outcomes: [{ step: 'zero', fail: 'BROKEN' }] },
  });

  const second = await play([task('zero'), ...steps], {
    program: { outputs },
    resume: { request: { by: 'user/anna' }, state: first.state },
  });

  expect(second.result?.outputs).toEqual({ x: 1 });
});

test('continue-as-new in the middle of what people are asked about keeps measuring and asks once (R-ROLL-6, D7)', async () => {
  const vague = metric('shop', {
    fail: 'result.status == 500',
    operation: operation({ name: 'http.request', effect: 'read', pass: 'result.status == 200' }),
  });
  const steps = [
    rollout('up', [body('install', { undo: undoOf('install') })], { gate: [vague], onRolloutFailure: 'undo' }),
  ];

  const played = await play(steps, {
    hostCount: 2,
    suspendAt: (checkpoint) => checkpoint % 5 === 0,
    script: {
      outcomes: [
        { step: 'shop', wave: 1, attempt: 3, result: { status: 404 } },
        { step: 'shop', result: { status: 200 } },
      ],
      answers: [{ task: 'pause', by: 'user/anna', choose: 'continue', after: 'PT1H' }],
    },
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.journal.filter(({ kind }) => kind === 'task.opened')).toHaveLength(1);
});

test('R-ROLL-10: the deadline of a host goes on after people were asked, also when the run was suspended meanwhile', async () => {
  const slow = body('slow', { onFailure: 'ask', retry: { attempts: 1, delayMs: 0, backoff: 1 } });
  const steps = [rollout('up', [slow], { hostDeadlineMs: 600_000 })];

  for (const at of [undefined, 3, 4, 5, 6]) {
    const played = await play(steps, {
      hostCount: 1,
      ...(at === undefined ? {} : { suspendAt: (checkpoint: number) => checkpoint === at }),
      controls: [],
      script: {
        outcomes: [
          { step: 'slow', attempt: 1, exitCode: 1 },
          { step: 'slow', takes: 'PT9M59.5S' },
        ],
        answers: [{ task: 'failure', by: 'user/anna', choose: 'retry', after: 'PT3H' }],
      },
    });

    expect(played.result?.error?.message).toContain('HOST_DEADLINE');
    expect(played.endedAt - played.state.startedAt).toBe(600_000 + 3 * 3_600_000);
  }
});
