import type { Step } from '../../../workflows/runbook/plan';
import { common, operation, task } from './plans';
import { effectsOf, play } from './play';

const itemReads = { names: ['item', 'index'], steps: [], hostSteps: [] };

function loop(over: Partial<Extract<Step, { kind: 'forEach' }>> = {}): Step {
  return {
    ...common('load', 'forEach'),
    kind: 'forEach',
    in: { literal: ['red', 'green', 'blue'] },
    as: 'item',
    key: 'item',
    parallel: 1,
    maxFailures: 0,
    steps: [task('paint')],
    ...over,
  };
}

test('forEach names each item in the path of its steps', async () => {
  const played = await play([loop()]);

  expect(played.applied.map(({ key }) => key)).toEqual(
    ['red', 'green', 'blue'].map((item) => `rehearsal/load/item:${item}/paint@1/do`),
  );
});

test('forEach runs as many items at once as it may', async () => {
  const played = await play([loop({ parallel: 3 })]);

  expect(played.endedAt - played.state.startedAt).toBe(1000);
});

test('forEach starts no further item once more than maxFailures have failed', async () => {
  const strict = await play([loop()], { script: { outcomes: [{ step: 'paint', item: 'green', fail: 'BROKEN' }] } });
  const tolerant = await play([loop({ maxFailures: 1 })], {
    script: { outcomes: [{ step: 'paint', item: 'green', fail: 'BROKEN' }] },
  });

  expect(strict.result).toMatchObject({ outcome: 'failed', error: { code: 'LOOP_FAILED' } });
  expect(strict.applied).toHaveLength(1);
  expect(tolerant.result).toMatchObject({ outcome: 'succeeded', degraded: true });
  expect(tolerant.state.exceptions).toEqual(['load/item:green: BROKEN']);
});

test('forEach refuses two items with the same key', async () => {
  const played = await play([loop({ in: { literal: ['red', 'red'] } })]);

  expect(played.result?.error?.code).toBe('DUPLICATE_KEY');
});

test('forEach shows each item to the steps of its own body', async () => {
  const paint = task('paint', {
    operation: operation({
      name: 'core.echo',
      effect: 'read',
      input: { map: { colour: { expression: 'item' } } },
      pass: "result.colour != 'blue'",
    }),
    reads: itemReads,
  });

  const played = await play([loop({ steps: [paint], maxFailures: 1 })]);

  expect(played.state.exceptions).toEqual(['load/item:blue: NOT_PASSED']);
});

test('parallel branches run side by side, and all to their end', async () => {
  const steps: Step[] = [
    { ...common('both', 'parallel'), kind: 'parallel', branches: [task('left'), task('right')] },
    task('after'),
  ];

  const good = await play(steps);
  const bad = await play(steps, { script: { outcomes: [{ step: 'left', fail: 'BROKEN' }] } });

  expect(good.endedAt - good.state.startedAt).toBe(2000);
  expect(effectsOf(bad)).toEqual(['right do']);
  expect(bad.result).toMatchObject({ outcome: 'failed', error: { code: 'BROKEN', step: 'left' } });
});

test.each([
  ['a', ['one do']],
  ['b', ['two do']],
  ['z', ['other do']],
])('switch takes the case of %s', async (value, effects) => {
  const steps: Step[] = [
    {
      ...common('choose', 'switch'),
      kind: 'switch',
      on: 'inputs.which',
      reads: { names: ['inputs'], steps: [], hostSteps: [] },
      cases: { a: [task('one')], b: [task('two')] },
      default: [task('other')],
    },
  ];

  const played = await play(steps, { program: { inputs: { which: value } } });

  expect(effectsOf(played)).toEqual(effects);
});

test('set gives outputs that later steps and the run read', async () => {
  const steps: Step[] = [
    {
      ...common('sum', 'set'),
      kind: 'set',
      values: { total: { expression: 'inputs.a + inputs.b' } },
      perHost: false,
      keep: ['outputs'],
      reads: { names: ['inputs'], steps: [], hostSteps: [] },
    },
    {
      ...common('check', 'assert'),
      kind: 'assert',
      that: [{ expression: 'steps.sum.outputs.total == 5' }],
      perHost: false,
      reads: { names: [], steps: ['sum'], hostSteps: [] },
    },
  ];

  const played = await play(steps, {
    program: { inputs: { a: 2, b: 3 }, outputs: { total: { expression: 'steps.sum.outputs.total' } } },
  });

  expect(played.result).toMatchObject({ outcome: 'succeeded', outputs: { total: 5 } });
});

test('assert fails with the words of its author', async () => {
  const steps: Step[] = [
    {
      ...common('check', 'assert'),
      kind: 'assert',
      that: [{ expression: '1 == 2', message: { literal: 'Numbers are broken' } }],
      perHost: false,
    },
  ];

  expect((await play(steps)).result?.error).toMatchObject({ code: 'ASSERTION_FAILED', message: 'Numbers are broken' });
});

test('a step whose condition does not hold is skipped, and reads as null', async () => {
  const steps: Step[] = [
    task('maybe', { if: { expression: 'false', perHost: false }, keep: ['result', 'status'] }),
    {
      ...common('check', 'assert'),
      kind: 'assert',
      that: [{ expression: "steps.maybe.status == 'skipped' && steps.maybe.result == null" }],
      perHost: false,
      reads: { names: [], steps: ['maybe'], hostSteps: [] },
    },
  ];

  const played = await play(steps);

  expect(played.result).toMatchObject({ outcome: 'succeeded', error: null });
  expect(effectsOf(played)).toEqual([]);
});

test('wait.for passes time; wait.event takes the event that came, or its due time', async () => {
  const pause: Step = { ...common('pause', 'wait'), kind: 'wait', wait: { for: { literal: 3_600_000 } } };
  const event = (onDue: 'fail' | 'continue'): Step => ({
    ...common('ready', 'wait'),
    kind: 'wait',
    wait: { event: 'ready', since: 'step', dueMs: 60_000, onDue },
  });

  const slept = await play([pause]);
  const came = await play([event('fail')], { script: { events: [{ name: 'ready', after: 'PT10S' }] } });
  const late = await play([event('fail')], { script: { events: [{ name: 'ready', after: 'PT10M' }] } });
  const fine = await play([event('continue')]);

  expect(slept.endedAt - slept.state.startedAt).toBe(3_600_000);
  expect(came.endedAt - came.state.startedAt).toBe(10_000);
  expect([came, late, fine].map(({ result }) => result?.outcome)).toEqual(['succeeded', 'failed', 'succeeded']);
  expect(late.result?.error?.code).toBe('EVENT_OVERDUE');
});

test('a sub-runbook is a child run, and its outputs come back', async () => {
  const child = {
    definition: { name: 'child', version: '1.0.0', title: 'Child', owner: 'team/db', digest: 'c' },
    inputs: {},
    vars: {},
    secrets: {},
    connections: {},
    onFailure: 'stop' as const,
    locks: [],
    steps: [task('inner', { at: 'call>inner' })],
    finally: [],
    outputs: { size: { expression: 'inputs.size' } },
  };
  const steps: Step[] = [
    {
      ...common('call', 'runbook'),
      kind: 'runbook',
      program: child,
      with: { size: { literal: 7 } },
      undoable: true,
      keep: ['outputs'],
    },
  ];

  const played = await play(steps, { program: { outputs: { size: { expression: 'steps.call.outputs.size' } } } });

  expect(played.problems).toEqual([]);
  expect(played.result).toMatchObject({ outcome: 'succeeded', outputs: { size: 7 } });
  expect(played.journal.map(({ kind }) => kind)).toContain('child.started');
  expect(effectsOf(played)).toEqual(['inner do']);
});

test('undoing a sub-runbook is the undo of the child itself, after it has closed', async () => {
  const inner = task('inner', {
    at: 'call>inner',
    undo: {
      kind: 'operation',
      after: 'success',
      at: 'call>inner.undo',
      operation: operation({ name: 'http.request', effect: 'idempotent' }),
      where: { on: 'worker' },
      reads: { names: [], steps: [], hostSteps: [] },
    },
  });
  const child = {
    definition: { name: 'child', version: '1.0.0', title: 'Child', owner: 'team/db', digest: 'c' },
    inputs: {},
    vars: {},
    secrets: {},
    connections: {},
    onFailure: 'stop' as const,
    locks: [],
    steps: [inner],
    finally: [],
    outputs: {},
  };
  const steps: Step[] = [
    { ...common('call', 'runbook'), kind: 'runbook', program: child, with: {}, undoable: true },
    task('broken'),
  ];

  const played = await play(steps, {
    program: { onFailure: 'undo' },
    script: { outcomes: [{ step: 'broken', fail: 'BROKEN' }] },
  });

  expect(played.result?.outcome).toBe('undone');
  expect(effectsOf(played)).toEqual(['inner do', 'inner undo']);
});
