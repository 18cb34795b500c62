import fc from 'fast-check';

import type { Outcome, ScriptedAnswer } from '../../../workflows/rehearsal/schema';
import type { RolloutStep, Step } from '../../../workflows/runbook/plan';
import { approval, body, common, group, metric, operation, rollout, task, undoOf } from './plans';

/** A program with a world around it, made so that it always ends: every question has an answer. */
export interface RandomProgram {
  readonly steps: readonly Step[];
  readonly onFailure: 'stop' | 'undo';
  readonly outcomes: readonly Outcome[];
  readonly answers: readonly ScriptedAnswer[];
}

const leafNames = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta'] as const;

/** Every step gets an id of its own when the tree is made. */
type Sketch =
  | {
      readonly kind: 'task';
      readonly retry: number;
      readonly onFailure: 'stop' | 'continue';
      readonly rescued: boolean;
      readonly undo: boolean;
    }
  | { readonly kind: 'group' | 'parallel' | 'loop'; readonly inner: readonly Sketch[] }
  | { readonly kind: 'approval' }
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'rollout';
      readonly leaves: number;
      readonly parallel: number;
      readonly maxFailures: number;
      readonly gate: boolean;
      readonly policy: RolloutStep['onRolloutFailure'];
      readonly onHostFailure: RolloutStep['onHostFailure'];
      readonly unsafe: boolean;
    };

const taskSketch = fc.record({
  kind: fc.constant('task' as const),
  retry: fc.integer({ min: 1, max: 3 }),
  onFailure: fc.constantFrom('stop' as const, 'stop' as const, 'continue' as const),
  rescued: fc.boolean(),
  undo: fc.boolean(),
});

const rolloutSketch = fc.record({
  kind: fc.constant('rollout' as const),
  leaves: fc.integer({ min: 1, max: 3 }),
  parallel: fc.integer({ min: 1, max: 3 }),
  maxFailures: fc.integer({ min: 0, max: 2 }),
  gate: fc.boolean(),
  policy: fc.constantFrom('pause' as const, 'undo' as const, 'stop' as const),
  onHostFailure: fc.constantFrom('leave' as const, 'undo' as const),
  unsafe: fc.boolean(),
});

const { sketch } = fc.letrec<{ sketch: Sketch; container: Sketch }>((tie) => ({
  sketch: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    taskSketch,
    rolloutSketch,
    fc.constantFrom({ kind: 'approval' as const }, { kind: 'wait' as const }),
    tie('container'),
  ),
  container: fc.record({
    kind: fc.constantFrom('group' as const, 'parallel' as const, 'loop' as const),
    inner: fc.array(tie('sketch'), { minLength: 1, maxLength: 3 }),
  }),
}));

const failing: fc.Arbitrary<Outcome> = fc.record({
  step: fc.constantFrom(...leafNames).map((name) => name),
  attempt: fc.integer({ min: 1, max: 2 }),
  fail: fc.constant('BROKEN'),
});

const failingHost: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({
    step: fc.constantFrom('one', 'two', 'three'),
    host: fc.constantFrom('web1', 'web2', 'web3', 'web4'),
    exitCode: fc.constant(1),
  }),
  fc.record({
    step: fc.constantFrom('one', 'two', 'three'),
    host: fc.constantFrom('web1', 'web2', 'web3', 'web4'),
    lose: fc.constantFrom('afterEffect' as const, 'beforeEffect' as const),
    attempt: fc.constant(1),
  }),
  fc.record({
    step: fc.constant('shop'),
    sample: fc.constant(1),
    wave: fc.integer({ min: 1, max: 2 }),
    result: fc.constant({ status: 500 }),
  }),
  fc.record({
    step: fc.constantFrom('one', 'two'),
    phase: fc.constant('undo' as const),
    host: fc.constantFrom('web1', 'web2'),
    attempt: fc.constant(1),
    exitCode: fc.constant(1),
  }),
);

export const randomProgram: fc.Arbitrary<RandomProgram> = fc
  .record({
    sketches: fc.array(sketch, { minLength: 1, maxLength: 4 }),
    onFailure: fc.constantFrom('stop' as const, 'undo' as const),
    outcomes: fc.array(fc.oneof(failing, failingHost), { maxLength: 4 }),
    pauseChoice: fc.constantFrom('retry', 'undo', 'stop'),
    unknownChoice: fc.constantFrom('done', 'not-done', 'fail'),
    undoChoice: fc.constantFrom('retry', 'skip', 'give-up'),
  })
  .map(({ sketches, onFailure, outcomes, pauseChoice, unknownChoice, undoChoice }) => ({
    steps: build(sketches, counter()),
    onFailure,
    outcomes,
    answers: [
      ...many({ task: 'approval', by: 'user/anna', choose: 'approve', after: 'PT1H' }, 20),
      { task: 'pause', by: 'user/anna', choose: pauseChoice, after: 'PT10M' },
      ...many({ task: 'pause', by: 'user/anna', choose: 'stop', after: 'PT20M' }, 20),
      ...many({ task: 'unknown', by: 'user/anna', choose: unknownChoice, after: 'PT5M' }, 40),
      { task: 'undo-failed', by: 'user/anna', choose: undoChoice, after: 'PT5M' },
      ...many({ task: 'undo-failed', by: 'user/anna', choose: 'give-up', after: 'PT6M' }, 20),
    ],
  }));

function many(answer: ScriptedAnswer, times: number): readonly ScriptedAnswer[] {
  return Array.from({ length: times }, () => ({ ...answer }));
}

interface Counter {
  next(prefix: string): string;
  leaf(): string;
}

function counter(): Counter {
  let count = 0;
  let leaves = 0;
  return {
    next: (prefix) => `${prefix}${(count += 1)}`,
    leaf: () => `${leafNames[(leaves += 1) % leafNames.length]}`,
  };
}

function build(sketches: readonly Sketch[], ids: Counter): readonly Step[] {
  const used = new Set<string>();
  return sketches.map((each) => {
    const step = buildOne(each, ids);
    const isTaken = used.has(step.id);
    used.add(step.id);
    return isTaken ? group(ids.next('g'), [step]) : step;
  });
}

function buildOne(each: Sketch, ids: Counter): Step {
  switch (each.kind) {
    case 'task': {
      const id = ids.leaf();
      const at = ids.next(id);
      return task(id, {
        at,
        onFailure: each.onFailure,
        retry: { attempts: each.retry, delayMs: 1000, backoff: 2 },
        ...(each.undo
          ? {
              undo: {
                kind: 'operation',
                after: 'started',
                at: `${at}.undo`,
                operation: operation({ name: 'http.request', effect: 'idempotent' }),
                where: { on: 'worker' },
                reads: { names: [], steps: [], hostSteps: [] },
              },
            }
          : {}),
        ...(each.rescued ? { rescue: [task('rescue', { at: ids.next('rescue') })] } : {}),
      });
    }
    case 'group':
      return group(ids.next('g'), build(each.inner, ids));
    case 'parallel':
      return { ...common(ids.next('p'), 'parallel'), kind: 'parallel', branches: build(each.inner, ids) };
    case 'loop':
      return {
        ...common(ids.next('l'), 'forEach'),
        kind: 'forEach',
        in: { literal: ['x', 'y'] },
        as: 'item',
        key: 'item',
        parallel: 2,
        maxFailures: 0,
        steps: build(each.inner, ids),
      };
    case 'approval':
      return approval(ids.next('a'));
    case 'wait':
      return { ...common(ids.next('w'), 'wait'), kind: 'wait', wait: { for: { literal: 60_000 } } };
    case 'rollout':
      return buildRollout(each, ids.next('r'));
  }
}

function buildRollout(each: Extract<Sketch, { kind: 'rollout' }>, id: string): Step {
  const leaves = ['one', 'two', 'three'].slice(0, each.leaves).map((name) => {
    const undo = undoOf(`${id}.${name}`, 'started');
    const effect = each.unsafe ? ('unsafe' as const) : ('journaled' as const);
    return body(name, { at: `${id}.${name}`, undo, operation: operation({ effect }) });
  });
  return rollout(id, leaves, {
    at: id,
    parallel: each.parallel,
    maxFailures: { count: each.maxFailures },
    waves: [{ count: 1 }, { percent: 100 }],
    gate: each.gate ? [metric('shop', { at: `${id}.shop` })] : [],
    onRolloutFailure: each.policy,
    onHostFailure: each.onHostFailure,
  });
}
