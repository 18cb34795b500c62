import fc from 'fast-check';

import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Control } from '../../../workflows/runbook/messages';
import type { Step } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { body, common, group, rollout, task, undoOf } from './plans';
import { play } from './play';

const start = Date.UTC(2026, 0, 1);
const worker = { on: 'worker' } as const;
const who = { actor: 'engine', via: 'engine' };
const hostCount = 5;
/** Longer than anything that is steered: then the run is let go. */
const letGoMs = 3_600_000;

function changing(id: string): Step {
  return task(id, { undo: undoOf(id, 'started', worker) });
}

function stepsWith(parallel: number): readonly Step[] {
  const leaves = ['drain', 'install', 'undrain'].map((id) => body(id, { undo: undoOf(id, 'started') }));
  const inner = { ...common('sub', 'runbook'), kind: 'runbook' as const, with: {}, undoable: true };
  return [
    changing('before'),
    rollout('up', leaves, { parallel, waves: [{ count: 1 }, { percent: 100 }], bakeMs: 700 }),
    group('box', [changing('boxed'), { ...inner, program: program([changing('child'), changing('grandchild')]) }]),
    changing('after'),
  ];
}

type Steer = { readonly at: number } & (
  | { readonly what: 'hold'; readonly hard: boolean }
  | { readonly what: 'release' | 'backOut' }
  | { readonly what: 'setDeadline'; readonly cutoffMs: number | null }
);

const time = fc.integer({ min: 1, max: 20_000 });
const steer: fc.Arbitrary<Steer> = fc.oneof(
  fc.record({ at: time, what: fc.constant('hold' as const), hard: fc.boolean() }),
  fc.record({ at: time, what: fc.constant('release' as const) }),
  fc.record({ at: time, what: fc.constant('setDeadline' as const), cutoffMs: fc.option(time) }),
);
const steers = fc
  .tuple(fc.array(steer, { maxLength: 5 }), fc.option(fc.record({ at: time, what: fc.constant('backOut' as const) })))
  .map(([list, backOut]) => (backOut === null ? list : [...list, backOut]));

function controlOf(each: Steer, id: number): Control {
  const common = { ...who, id: String(id) };
  switch (each.what) {
    case 'hold':
      return { action: 'hold', ...common, hard: each.hard };
    case 'release':
    case 'backOut':
      return { action: each.what, ...common };
    case 'setDeadline':
      return { action: 'setDeadline', ...common, cutoffAt: each.cutoffMs === null ? null : start + each.cutoffMs };
  }
}

function playSteered(
  list: readonly Steer[],
  { parallel, suspendedAt }: { readonly parallel: number; readonly suspendedAt: number },
): Promise<RehearsalResult> {
  const letGo: readonly Steer[] = [
    { at: letGoMs, what: 'setDeadline', cutoffMs: null },
    { at: letGoMs, what: 'release' },
  ];
  const controls = [...list, ...letGo].map((each, id) => ({ afterMs: each.at, control: controlOf(each, id) }));
  return play(stepsWith(parallel), { hostCount, controls, suspendAt: (checkpoint) => checkpoint === suspendedAt });
}

/** Effects in order, as `step host`. */
function effects({ applied }: RehearsalResult, phase: 'do' | 'undo'): readonly string[] {
  return applied.filter((each) => each.phase === phase).map(({ step, host }) => `${step} ${host ?? ''}`);
}

/** When things started that go forward, and how deep inside a group they stand. */
function forwardStarts({ journal }: RehearsalResult): readonly { readonly at: number; readonly path: string }[] {
  return journal.flatMap((entry) =>
    entry.kind === 'step.started' && entry.payload.phase === 'do' ? [{ at: entry.at, path: entry.payload.path }] : [],
  );
}

/** What was in force right before and right after each moment. */
interface InForce {
  readonly at: number;
  readonly cutoffAt: number;
  readonly hard: boolean;
  readonly held: boolean;
}

function inForce({ journal }: RehearsalResult): readonly InForce[] {
  const moments: InForce[] = [{ at: 0, cutoffAt: Infinity, hard: false, held: false }];
  for (const entry of journal) {
    const last = moments.at(-1);
    // What a child is told it is told by its parent.
    if (entry.kind !== 'run.control' || last === undefined || entry.key.includes('rehearsal/')) continue;
    const { action, detail } = entry.payload;
    const { at } = entry;
    const { cutoffAt, hard } = detail;
    if (action === 'setDeadline')
      moments.push({ ...last, at, cutoffAt: typeof cutoffAt === 'number' ? cutoffAt : Infinity });
    if (action === 'hold') moments.push({ ...last, at, held: true, hard: hard === true });
    if (action === 'backOut') moments.push({ ...last, at, cutoffAt: -Infinity });
    if (action === 'release') moments.push({ ...last, at, held: false, hard: false });
  }
  return moments;
}

/** The moments that hold at an instant: of two at the same instant nobody can tell which came first. */
function around(moments: readonly InForce[], at: number): readonly InForce[] {
  const before = moments.findLast((each) => each.at < at);
  return [...(before === undefined ? [] : [before]), ...moments.filter((each) => each.at === at)];
}

const isGroupStart = (path: string): boolean => path === 'up/drain';

test('R-WIN-1, D8: whatever is asked at whatever time, only a first part is done, nothing starts that is kept from it, and what changed is through or undone', async () => {
  const wholeBy = new Map<number, readonly string[]>();
  for (const parallel of [1, 2, 5])
    wholeBy.set(parallel, effects(await playSteered([], { parallel, suspendedAt: 0 }), 'do'));
  await fc.assert(
    fc.asyncProperty(
      steers,
      fc.constantFrom(1, 2, 5),
      fc.integer({ min: 0, max: 60 }),
      async (list, parallel, suspendedAt) => {
        const played = await playSteered(list, { parallel, suspendedAt });

        const whole = wholeBy.get(parallel) ?? [];
        const done = effects(played, 'do');
        const undone = effects(played, 'undo');
        expect(played.problems).toEqual([]);
        expect(played.applied.every(({ times }) => times === 1)).toBe(true);
        expect(done).toEqual(whole.slice(0, done.length));
        if (played.result?.outcome === 'succeeded') expect([done, undone]).toEqual([whole, []]);
        else {
          expect(played.result).toMatchObject({ outcome: 'undone', error: { code: 'BACKED_OUT' } });
          expect(undone.toSorted()).toEqual(done.toSorted());
        }
        const moments = inForce(played);
        for (const { at, path } of forwardStarts(played)) {
          const allowed = around(moments, at).some(
            ({ cutoffAt, hard, held }) => at <= cutoffAt && !hard && !(held && isGroupStart(path)),
          );
          expect([path, at - start, allowed]).toEqual([path, at - start, true]);
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
