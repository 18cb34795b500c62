import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Outcome } from '../../../workflows/rehearsal/schema';
import type { ForEachStep, Step } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { body, common, group, metric, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';
import type { Playing } from './play';

const worker = { on: 'worker' } as const;
const by = 'user/anna';

function loop(id: string, steps: readonly Step[], items: readonly string[] = ['x', 'y', 'z']): ForEachStep {
  return {
    ...common(id, 'forEach'),
    kind: 'forEach',
    in: { literal: [...items] },
    as: 'item',
    key: 'item',
    parallel: 3,
    maxFailures: 0,
    steps,
  };
}

function parallel(id: string, branches: readonly Step[]): Step {
  return { ...common(id, 'parallel'), kind: 'parallel', branches };
}

function choice(id: string, on: string, cases: { readonly [value: string]: readonly Step[] }): Step {
  return { ...common(id, 'switch'), kind: 'switch', on: `'${on}'`, cases };
}

function child(id: string, steps: readonly Step[]): Step {
  return { ...common(id, 'runbook'), kind: 'runbook', program: program(steps), with: {}, undoable: true };
}

async function resumedFrom(
  from: string | null,
  steps: readonly Step[],
  outcomes: readonly Outcome[],
  playing: Playing = {},
): Promise<RehearsalResult> {
  const first = await play(steps, { hostCount: 4, ...playing, script: { outcomes } });
  const request = from === null ? { by } : { by, from };
  return play(steps, {
    hostCount: 4,
    ...playing,
    resume: { request, state: first.state, children: first.children },
  });
}

function keys({ applied }: RehearsalResult): readonly string[] {
  return applied.map(({ key }) => key.replace('rehearsal/', '').replace(/@.*/, ''));
}

const broken: Outcome = { step: 'three', fail: 'BROKEN' };
const three = [task('one'), task('two'), task('three')];

describe('D14, `--from` a step at any depth', () => {
  const deep = group('outer', [task('zero'), group('inner', three), task('four')]);

  test.each<[string, string, readonly Step[], readonly Outcome[], readonly string[]]>([
    ['a group', 'two', [deep], [broken], ['outer/inner/two', 'outer/inner/three', 'outer/four']],
    ['its path', 'outer/inner/two', [deep], [broken], ['outer/inner/two', 'outer/inner/three', 'outer/four']],
    [
      'a group that had ended',
      'two',
      [group('done', three), task('last')],
      [{ step: 'last', fail: 'BROKEN' }],
      ['done/two', 'done/three', 'last'],
    ],
    [
      'a loop: only items that failed',
      'two',
      [loop('all', three)],
      [{ ...broken, item: 'y' }],
      ['all/item:y/two', 'all/item:y/three'],
    ],
    [
      'one item of a loop',
      'all/item:x/two',
      [loop('all', three)],
      [
        { ...broken, item: 'y' },
        { ...broken, item: 'x' },
      ],
      ['all/item:x/two', 'all/item:y/three', 'all/item:x/three'],
    ],
    [
      'the loop itself: its failed items from their first step',
      'all',
      [loop('all', three)],
      [{ ...broken, item: 'y' }],
      ['all/item:y/one', 'all/item:y/two', 'all/item:y/three'],
    ],
    [
      'a branch: the others stay as they are',
      'two',
      [parallel('both', [group('left', three), task('right')])],
      [broken],
      ['both/left/two', 'both/left/three'],
    ],
    [
      'a branch that had ended, beside one that failed',
      'right',
      [parallel('both', [task('three'), task('right')])],
      [broken],
      ['both/right', 'both/three'],
    ],
    [
      'a branch of what had ended: only that one',
      'right',
      [parallel('both', [task('left'), task('right')]), task('three')],
      [broken],
      ['both/right', 'three'],
    ],
    ['a case', 'two', [choice('which', 'a', { a: three, b: [task('other')] })], [broken], ['which/two', 'which/three']],
    [
      'a case that had ended',
      'two',
      [choice('which', 'a', { a: three.slice(0, 2) }), task('three')],
      [broken],
      ['which/two', 'three'],
    ],
    ['a step of a child: the same run goes on', 'two', [child('part', three)], [broken], ['two', 'three']],
  ])('%s', async (_, from, steps, outcomes, expected) => {
    const second = await resumedFrom(from, steps, outcomes);

    expect(second.result).toMatchObject({ outcome: 'succeeded', error: null });
    expect(keys(second).map((key) => key.replace(/^r[a-z0-9]{12}\//, ''))).toEqual(expected);
  });

  test.each<[string, string, readonly string[]]>([
    [
      'a step of the body: only hosts that failed, all from there',
      'drain',
      ['drain web2', 'install web2', 'undrain web2'],
    ],
    ['a later step of the body', 'undrain', ['undrain web2']],
    [
      'the rollout itself: only hosts that failed, from the first step',
      'up',
      ['drain web2', 'install web2', 'undrain web2'],
    ],
  ])('%s', async (_, from, expected) => {
    const steps = [rollout('up', [body('drain'), body('install'), body('undrain')])];

    const second = await resumedFrom(from, steps, [{ step: 'install', host: 'web2', exitCode: 1 }]);

    expect(second.result?.outcome).toBe('succeeded');
    expect(effectsOf(second)).toEqual(expected.map((effect) => `${effect} do`));
  });

  test('a step on a list of hosts: only those that failed', async () => {
    const onHosts = {
      on: 'hosts',
      set: 'web',
      single: false,
      parallel: 10,
      maxFailures: 0,
      allowEmpty: false,
    } as const;
    const steps = [task('list', { where: onHosts }), task('after')];

    const second = await resumedFrom('list', steps, [{ step: 'list', host: 'web3', fail: 'BROKEN' }]);

    expect(effectsOf(second)).toEqual(['list web3 do', 'after do']);
  });

  test('a rollout in a loop: failed hosts of failed items', async () => {
    const steps = [loop('all', [rollout('up', [body('drain'), body('install')])], ['x', 'y'])];

    const second = await resumedFrom('drain', steps, [{ step: 'install', host: 'web2', item: 'y', exitCode: 1 }]);

    expect(keys(second)).toEqual(['all/item:y/up/host:web2/drain', 'all/item:y/up/host:web2/install']);
  });

  test('hosts that were cut off in the middle go on from there as well', async () => {
    const steps = [rollout('up', [body('drain'), body('install')], { parallel: 2 })];
    const cancel = { action: 'cancel', actor: by, via: 'cli', id: 'c', keep: true, reason: '' } as const;
    const first = await play(steps, {
      hostCount: 3,
      script: { outcomes: [{ step: 'install', takes: 'PT1M' }] },
      controls: [{ afterMs: 1500, control: cancel }],
    });

    const second = await play(steps, { hostCount: 3, resume: { request: { by, from: 'drain' }, state: first.state } });

    expect(second.result?.outcome).toBe('succeeded');
    expect(effectsOf(second).slice(0, 4)).toEqual([
      'drain web1 do',
      'drain web2 do',
      'install web1 do',
      'install web2 do',
    ]);
  });

  test('nothing is ever done twice under one key', async () => {
    const steps = [loop('all', three), rollout('up', [body('install')])];

    const second = await resumedFrom('one', steps, [{ ...broken, item: 'y' }]);

    expect(second.applied.every(({ times }) => times === 1)).toBe(true);
    expect(second.applied.every(({ key }) => !key.includes('@1/'))).toBe(true);
  });
});

describe('D14: failures that were tolerated are tried again when their step is named', () => {
  const lenient = {
    on: 'hosts',
    set: 'web',
    single: false,
    parallel: 10,
    maxFailures: 1,
    allowEmpty: false,
  } as const;
  const failing = (step: string): Outcome => ({ step, host: 'web2', exitCode: 1, fail: 'BROKEN' });

  test.each<[string, string, readonly Step[], readonly Outcome[], readonly string[]]>([
    ['a list', 'list', [task('list', { where: lenient }), task('after')], [failing('list')], ['list web2', 'after']],
    [
      'a list that may fail as a whole',
      'list',
      [task('list', { where: { ...lenient, maxFailures: 0 }, onFailure: 'continue' })],
      [failing('list')],
      ['list web2'],
    ],
    [
      'a rollout',
      'up',
      [rollout('up', [body('drain'), body('install')], { maxFailures: { count: 1 } })],
      [failing('install')],
      ['drain web2', 'install web2'],
    ],
    [
      'a step of its body, in a group',
      'install',
      [group('box', [task('first'), rollout('up', [body('drain'), body('install')], { maxFailures: { count: 1 } })])],
      [failing('install')],
      ['install web2'],
    ],
    ['a loop', 'all', [{ ...loop('all', three), maxFailures: 1 }], [{ ...broken, item: 'y' }], ['one', 'two', 'three']],
    [
      'a rollout of a child',
      'up',
      [child('part', [rollout('up', [body('install')], { maxFailures: { count: 1 } })])],
      [failing('install')],
      ['install web2'],
    ],
  ])('%s', async (_, from, steps, outcomes, expected) => {
    const again = await resumedFrom(from, steps, outcomes);
    const failed = await play(steps, { hostCount: 4, script: { outcomes } });

    expect(failed.result).toMatchObject({ outcome: 'succeeded', degraded: true });
    expect(effectsOf(again)).toEqual(expected.map((effect) => `${effect} do`));
    expect(again.problems).toEqual([]);
    expect(again.result).toMatchObject({ outcome: 'succeeded', degraded: false });
    expect(again.state.exceptions).toEqual([]);
  });

  test('the last wave is judged once more, with the hosts that were behind', async () => {
    const steps = [rollout('up', [body('install')], { maxFailures: { count: 1 }, gate: [metric('shop')] })];
    const shop: Outcome = { step: 'shop', result: { status: 200 } };
    const first = await play(steps, { hostCount: 4, script: { outcomes: [failing('install'), shop] } });

    const second = await play(steps, {
      hostCount: 4,
      script: { outcomes: [{ step: 'shop', result: { status: 500 } }] },
      resume: { request: { by, from: 'up' }, state: first.state },
    });

    expect(effectsOf(second)).toEqual(['install web2 do']);
    expect(second.result).toMatchObject({ outcome: 'failed', error: { code: 'GATE_NOT_PASSED' } });
    expect(second.result?.error?.message).toContain('after wave 1');
  });

  test('what fails again is an exception once, and what is not tried stays one', async () => {
    const steps = [task('list', { where: lenient }), rollout('up', [body('install')], { maxFailures: { count: 1 } })];
    const first = await play(steps, { hostCount: 4, script: { outcomes: [failing('list'), failing('install')] } });

    const second = await play(steps, {
      hostCount: 4,
      script: { outcomes: [failing('install')] },
      resume: { request: { by, from: 'up' }, state: first.state },
    });

    expect(first.state.exceptions).toEqual(['list: web2', 'up: web2']);
    expect(second.state.exceptions).toEqual(['list: web2', 'up: web2']);
    expect(second.result).toMatchObject({ outcome: 'succeeded', degraded: true });
  });
});

describe('what cannot be gone to is refused, and the run stays as it had ended', () => {
  test.each<[string, string, readonly Step[], readonly Outcome[], RegExp]>([
    ['no such step', 'nowhere', three, [broken], /the runbook has no such step/],
    [
      'a rescue',
      'mend',
      [{ ...task('three'), rescue: [task('mend')] }],
      [{ step: '*', fail: 'BROKEN' }],
      /part of a rescue/,
    ],
    [
      'a loop that is through',
      'copy',
      [loop('all', [task('copy')]), task('three')],
      [broken],
      /no item of "all" has failed/,
    ],
    [
      'a rollout that is through',
      'install',
      [rollout('up', [body('install')]), task('three')],
      [broken],
      /no host of "up"/,
    ],
    [
      'a case that was not taken',
      'other',
      [choice('which', 'a', { a: three, b: [task('other')] })],
      [broken],
      /took the case "a"/,
    ],
    [
      'a child that is through',
      'part/one',
      [child('part', [task('one')]), task('three')],
      [broken],
      /run of "part" has not failed/,
    ],
  ])('%s', async (_, from, steps, outcomes, why) => {
    const refused = await resumedFrom(from, steps, outcomes);

    expect(refused.result).toMatchObject({ outcome: 'failed', error: { code: 'RESUME_REFUSED' } });
    expect(refused.result?.error?.message).toMatch(why);
    expect(refused.applied).toEqual([]);
  });

  test('and it can be resumed after that', async () => {
    const first = await play(three, { script: { outcomes: [broken] } });
    const refused = await play(three, { resume: { request: { by, from: 'nowhere' }, state: first.state } });

    const third = await play(three, { resume: { request: { by }, state: refused.state } });

    expect(third.result?.outcome).toBe('succeeded');
    expect(effectsOf(third)).toEqual(['three do']);
  });

  test('a run that had succeeded has still succeeded', async () => {
    const refused = await resumedFrom('nowhere', [task('one')], []);

    expect(refused.result).toMatchObject({ outcome: 'succeeded', error: { code: 'RESUME_REFUSED' } });
  });
});

describe('D14: a child run goes on with its parent', () => {
  test('from the step that failed, not from its beginning', async () => {
    const second = await resumedFrom(null, [child('part', three), task('last')], [broken]);

    expect(second.result?.outcome).toBe('succeeded');
    expect(effectsOf(second)).toEqual(['three do', 'last do']);
  });

  test('for its failed hosts only', async () => {
    const second = await resumedFrom(
      null,
      [child('part', [rollout('up', [body('install')])])],
      [{ step: 'install', host: 'web2', exitCode: 1 }],
    );

    expect(effectsOf(second)).toEqual(['install web2 do']);
  });

  test('after both were cancelled', async () => {
    const steps = [child('part', three)];
    const cancel = { action: 'cancel', actor: by, via: 'cli', id: 'c', keep: true, reason: '' } as const;
    const first = await play(steps, {
      script: { outcomes: [{ step: 'two', takes: 'PT5M' }] },
      controls: [{ afterMs: 10_000, control: cancel }],
    });

    const second = await play(steps, {
      resume: { request: { by }, state: first.state, children: first.children },
    });

    expect(first.result?.outcome).toBe('cancelled');
    expect(second.result?.outcome).toBe('succeeded');
    expect(effectsOf(second)).toEqual(['two do', 'three do']);
  });

  test('when its step is tried again within the run', async () => {
    const played = await play([{ ...child('part', three), onFailure: 'ask' }], {
      script: {
        outcomes: [{ ...broken, attempt: 1 }],
        answers: [{ task: 'failure', by, choose: 'retry' }],
      },
    });

    expect(played.result?.outcome).toBe('succeeded');
    expect(effectsOf(played)).toEqual(['one do', 'two do', 'three do']);
  });

  test('also when the run is suspended while it goes on', async () => {
    const steps = [{ ...child('part', three), onFailure: 'ask' as const }];

    for (let at = 1; at < 20; at += 1) {
      const played = await play(steps, {
        suspendAt: (checkpoint) => checkpoint === at,
        script: {
          outcomes: [{ ...broken, attempt: 1 }],
          answers: [{ task: 'failure', by, choose: 'retry' }],
        },
      });

      expect(effectsOf(played)).toEqual(['one do', 'two do', 'three do']);
    }
  });

  test('a cancelled child is undone with its parent, whatever it had reported', async () => {
    const made = [task('made', { undo: undoOf('made', 'success', worker) }), task('slow')];
    const cancel = { action: 'cancel', actor: by, via: 'cli', id: 'c', keep: false, reason: '' } as const;

    const played = await play([child('part', made)], {
      script: { outcomes: [{ step: 'slow', takes: 'PT5M' }] },
      controls: [{ afterMs: 10_000, control: cancel }],
    });

    expect(played.result?.outcome).toBe('cancelled');
    expect(effectsOf(played)).toEqual(['made do', 'slow do', 'made undo']);
    expect(played.problems).toEqual([]);
  });
});

test('what failed anew is rescued anew, from the first step of the rescue', async () => {
  const steps = [group('try', [task('risky')], { rescue: [task('tidy'), task('mend')] })];
  const always = [
    { step: 'risky', fail: 'BROKEN' },
    { step: 'mend', fail: 'BROKEN' },
  ];
  const first = await play(steps, { script: { outcomes: always } });

  const second = await play(steps, {
    script: { outcomes: [{ step: 'risky', fail: 'BROKEN' }] },
    resume: { request: { by }, state: first.state },
  });

  expect(second.result?.outcome).toBe('succeeded');
  expect(effectsOf(second)).toEqual(['tidy do', 'mend do']);
});

test('a host that was taken back begins again with the first step', async () => {
  const steps = [
    rollout('up', [body('drain', { undo: undoOf('drain') }), body('install')], {
      onHostFailure: 'undo',
      onRolloutFailure: 'pause',
    }),
  ];

  const played = await play(steps, {
    hostCount: 1,
    script: {
      outcomes: [{ step: 'install', attempt: 1, exitCode: 1 }],
      answers: [{ task: 'pause', by, choose: 'retry' }],
    },
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(effectsOf(played)).toEqual([
    'drain web1 do',
    'install web1 do',
    'drain web1 undo',
    'drain web1 do',
    'install web1 do',
  ]);
});
