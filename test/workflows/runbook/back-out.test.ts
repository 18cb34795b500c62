import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Control } from '../../../workflows/runbook/messages';
import type { RunbookStep, Step } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { approval, body, common, metric, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';
import type { Playing } from './play';

const worker = { on: 'worker' } as const;
const who = { actor: 'engine', via: 'engine' };
const change = task('change', { undo: undoOf('change', 'started', worker) });
const install = body('install', { undo: undoOf('install', 'started') });
const up = rollout('up', [install], { parallel: 1 });

function at(
  afterMs: number,
  action: 'hold' | 'backOut' | 'pause',
  hard = false,
): { afterMs: number; control: Control } {
  return { afterMs, control: { action, ...who, id: `${action}${afterMs}`, ...(hard ? { hard } : {}) } };
}

/** Every effect takes a second. */
function backOutAt(afterMs: number, steps: readonly Step[], playing: Playing = {}): Promise<RehearsalResult> {
  return play(steps, { hostCount: 2, ...playing, controls: [...(playing.controls ?? []), at(afterMs, 'backOut')] });
}

function pastNoReturn(choice: string): Promise<RehearsalResult> {
  const answers = [
    { task: 'approval', by: 'user/anna', choose: 'approve' },
    { task: 'failure', by: 'user/anna', choose: choice, after: 'PT1M' },
  ];
  const drop = task('drop', { undo: { kind: 'none' }, pointOfNoReturn: approval('drop').approval });
  const last = task('last', { undo: { kind: 'none' } });
  return backOutAt(2500, [change, drop, last], { script: { answers } });
}

// D8, R-WIN-2: the back-out starts at the moment it is asked for, wherever the run stands.
describe('a run that is backed out (D8)', () => {
  test('ends what is in flight, and undoes what it had changed, in reverse', async () => {
    const played = await backOutAt(1500, [change, up, task('after')]);

    expect(effectsOf(played)).toEqual(['change do', 'install web1 do', 'install web1 undo', 'change undo']);
    expect(played.result).toMatchObject({ outcome: 'undone', error: { code: 'BACKED_OUT' } });
    const ends = played.journal.flatMap((entry) => (entry.kind === 'step.ended' ? [entry.payload] : []));
    expect(ends.find(({ path }) => path === 'up/install')?.status).toBe('cancelled');
  });

  test('undoes rollouts that are through, and what stands before and after them', async () => {
    const played = await backOutAt(4500, [
      change,
      up,
      task('after', { undo: undoOf('after', 'success', worker) }),
      task('long'),
    ]);

    expect(effectsOf(played).slice(-4)).toEqual([
      'after undo',
      'install web2 undo',
      'install web1 undo',
      'change undo',
    ]);
    expect(played.result?.outcome).toBe('undone');
  });

  test.each([
    ['paused', at(500, 'pause')],
    ['held', at(1500, 'hold')],
    ['held hard', at(500, 'hold', true)],
  ])('is not waited for to go on where it is %s', async (_how, control) => {
    const played = await backOutAt(60_000, [change, up], { controls: [control] });

    const undone = played.rows
      .filter(({ phase }) => phase === 'undo')
      .map(({ startedAt }) => (startedAt ?? 0) - played.state.startedAt);
    expect(Math.min(...undone)).toBe(60_000);
    expect(played.result?.outcome).toBe('undone');
  });

  test('does not wait for people either: what was asked is withdrawn', async () => {
    const played = await backOutAt(60_000, [change, approval('ok')]);

    expect(effectsOf(played)).toEqual(['change do', 'change undo']);
    expect(played.journal.find(({ kind }) => kind === 'task.closed')?.payload).toMatchObject({ reason: 'withdrawn' });
  });

  test('is undone although people are asked what to do about its failure', async () => {
    const script = { outcomes: [{ step: 'broken', fail: 'BROKEN' }] };

    const played = await backOutAt(60_000, [change, task('broken')], { program: { onFailure: 'ask' }, script });

    expect(effectsOf(played)).toEqual(['change do', 'change undo']);
    expect(played.result).toMatchObject({ outcome: 'undone', error: { code: 'BACKED_OUT' } });
  });

  test('has undone nothing, and is undone, where nothing had changed', async () => {
    const played = await backOutAt(500, [task('look'), change]);

    expect(effectsOf(played)).toEqual(['look do']);
    expect(played.result).toMatchObject({ outcome: 'undone', error: { code: 'BACKED_OUT' } });
  });

  test('takes its child runs back, ended or under way', async () => {
    const child = (id: string): RunbookStep => ({
      ...common(id, 'runbook'),
      kind: 'runbook',
      program: program([change, task('long')]),
      with: {},
      undoable: true,
    });

    const played = await backOutAt(3500, [child('first'), child('second')]);

    expect(effectsOf(played)).toEqual(['change do', 'long do', 'change do', 'long do', 'change undo', 'change undo']);
    expect(played.result?.outcome).toBe('undone');
  });

  test('verifies that the old state is a good one (R-ROLL-8)', async () => {
    const watched = { ...up, gate: [metric('shop')], undoGate: [metric('old', { at: 'old' })] };
    const script = {
      outcomes: [
        { step: 'shop', result: { status: 200 } },
        { step: 'old', result: { status: 200 } },
      ],
    };

    const played = await backOutAt(3500, [watched], { script });

    expect(played.rows.at(-1)?.step).toBe('up/wave:undo/gate:old/sample:1');
    expect(played.result?.outcome).toBe('undone');
  });

  test('refuses when it is ending: what runs finally comes after every undo', async () => {
    const played = await backOutAt(1500, [change], { program: { finally: [task('notify')] } });

    expect(played.journal.some(({ kind }) => kind === 'run.control')).toBe(false);
    expect(played.result?.outcome).toBe('succeeded');
  });

  test('is the same wherever it is entered again', async () => {
    const steps = [change, up, task('after', { undo: undoOf('after', 'started', worker) })];
    const whole = await backOutAt(2500, steps);

    for (let suspended = 1; suspended <= 15; suspended += 1) {
      const played = await backOutAt(2500, steps, { suspendAt: (checkpoint) => checkpoint === suspended });

      expect([effectsOf(played), played.result?.outcome]).toEqual([effectsOf(whole), 'undone']);
    }
  });
});

describe('R-ROLL-9: past the point of no return a back-out is a question', () => {
  test('undo takes back what can be', async () => {
    const played = await pastNoReturn('undo');

    expect(effectsOf(played)).toEqual(['change do', 'drop do', 'last do', 'change undo']);
    expect(played.result?.outcome).toBe('undone');
  });

  test('stop leaves everything as it is', async () => {
    const played = await pastNoReturn('stop');

    expect(effectsOf(played)).toEqual(['change do', 'drop do', 'last do']);
    expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'BACKED_OUT' } });
  });

  test('retry goes on with what was cut off', async () => {
    const played = await pastNoReturn('retry');

    expect(effectsOf(played)).toEqual(['change do', 'drop do', 'last do', 'last do']);
    expect(played.result?.outcome).toBe('succeeded');
  });
});
