import fc from 'fast-check';

import type { Outcome, ScriptedAnswer } from '../../../workflows/rehearsal/schema';
import type { RolloutStep, Step } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
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
  | {
      readonly kind: 'group' | 'parallel' | 'loop' | 'switch' | 'child';
      readonly inner: readonly Sketch[];
      readonly timeoutMs: number | null;
    }
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
      readonly box: 'none' | 'limited' | 'rescued';
      readonly asks: boolean;
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
  box: fc.constantFrom('none' as const, 'limited' as const, 'rescued' as const),
  asks: fc.boolean(),
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
    kind: fc.constantFrom('group' as const, 'parallel' as const, 'loop' as const, 'switch' as const, 'child' as const),
    timeoutMs: fc.constantFrom(null, null, 1_500, 100_000, 4_000_000),
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
  // Undecided, and bad once somebody has been asked.
  fc.record({
    step: fc.constant('shop'),
    wave: fc.integer({ min: 1, max: 2 }),
    attempt: fc.integer({ min: 3, max: 8 }),
    result: fc.constantFrom({ status: 404 }, { status: 500 }),
  }),
  fc.record({ step: fc.constantFrom('one', 'two'), host: fc.constantFrom('web1', 'web3'), takes: fc.constant('PT2M') }),
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
    failureChoice: fc.constantFrom('retry', 'continue', 'fail'),
  })
  .map(({ sketches, onFailure, outcomes, pauseChoice, unknownChoice, undoChoice, failureChoice }) => ({
    steps: build(sketches, counter()),
    onFailure,
    outcomes,
    answers: [
      ...many({ task: 'approval', by: 'user/anna', choose: 'approve', after: 'PT1H' }, 20),
      { task: 'pause', by: 'user/anna', choose: pauseChoice, after: 'PT10M' },
      ...many({ task: 'pause', by: 'user/anna', choose: 'stop', after: 'PT20M' }, 20),
      ...many({ task: 'failure', by: 'user/anna', choose: failureChoice, after: 'PT7M' }, 3),
      ...many({ task: 'failure', by: 'user/anna', choose: 'fail', after: 'PT7M' }, 20),
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
  number(): number;
}

function counter(): Counter {
  let count = 0;
  let leaves = 0;
  return {
    next: (prefix) => `${prefix}${(count += 1)}`,
    number: () => (count += 1),
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
      return group(ids.next('g'), build(each.inner, ids), limitOf(each.timeoutMs, ids));
    case 'parallel':
      return {
        ...common(ids.next('p'), 'parallel'),
        kind: 'parallel',
        branches: build(each.inner, ids),
        ...limitOf(each.timeoutMs, ids),
      };
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
        ...limitOf(each.timeoutMs, ids),
      };
    case 'switch': {
      const cases = { x: build(each.inner, ids), y: [] };
      return { ...common(ids.next('s'), 'switch'), kind: 'switch', on: "'x'", cases, ...limitOf(each.timeoutMs, ids) };
    }
    case 'child': {
      const id = ids.next('c');
      const child = program(build(each.inner, ids));
      return {
        ...common(id, 'runbook'),
        kind: 'runbook',
        program: child,
        with: {},
        undoable: true,
        ...limitOf(each.timeoutMs, ids),
      };
    }
    case 'approval':
      return approval(ids.next('a'));
    case 'wait':
      return { ...common(ids.next('w'), 'wait'), kind: 'wait', wait: { for: { literal: 60_000 } } };
    case 'rollout':
      return buildRollout(each, ids.next('r'));
  }
}

/** No two end at the same moment: which of them is meant then is anybody's guess. */
function limitOf(timeoutMs: number | null, ids: Counter): { readonly timeoutMs?: number } {
  return timeoutMs === null ? {} : { timeoutMs: timeoutMs + 7 * ids.number() };
}

function boxed(leaves: readonly Step[], { box }: Extract<Sketch, { kind: 'rollout' }>, id: string): readonly Step[] {
  const [first, ...rest] = leaves;
  if (box === 'none' || first === undefined) return leaves;
  const rescue = box === 'rescued' ? { rescue: [body('mend', { at: `${id}.mend` })] } : {};
  return [group('box', [first], { at: `${id}.box`, timeoutMs: 60_000, ...rescue }), ...rest];
}

function buildRollout(each: Extract<Sketch, { kind: 'rollout' }>, id: string): Step {
  const leaves = ['one', 'two', 'three'].slice(0, each.leaves).map((name) => {
    const undo = undoOf(`${id}.${name}`, 'started');
    const effect = each.unsafe ? ('unsafe' as const) : ('journaled' as const);
    const onFailure = each.asks && name === 'two' ? ('ask' as const) : ('stop' as const);
    return body(name, { at: `${id}.${name}`, undo, operation: operation({ effect }), onFailure });
  });
  return rollout(id, boxed(leaves, each, id), {
    at: id,
    parallel: each.parallel,
    maxFailures: { count: each.maxFailures },
    waves: [{ count: 1 }, { percent: 100 }],
    gate: each.gate ? [metric('shop', { at: `${id}.shop`, fail: 'result.status == 500' })] : [],
    onRolloutFailure: each.policy,
    onHostFailure: each.onHostFailure,
  });
}
