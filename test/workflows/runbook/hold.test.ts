import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Control } from '../../../workflows/runbook/messages';
import { program } from '../../support/program';
import { body, common, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';

const hour = 3_600_000;

function act(action: 'hold' | 'release' | 'backOut', id: string): Control {
  return { action, actor: 'user/anna', via: 'cli', id };
}

/** Two steps of a second each, host after host; it is held while the first host is in its first step. */
function held(...then: readonly { afterMs: number; control: Control }[]): Promise<RehearsalResult> {
  const steps = [rollout('up', [body('drain', { undo: undoOf('drain') }), body('install')], { parallel: 1 })];
  return play(steps, { hostCount: 2, controls: [{ afterMs: 500, control: act('hold', 'h') }, ...then] });
}

function startedAt({ rows, state }: RehearsalResult, step: string, host: string): number {
  const row = rows.find((each) => each.step.endsWith(step) && each.host === host);
  return (row?.startedAt ?? Number.NaN) - state.startedAt;
}

// D8: a change steers its run at group and wave boundaries; in the middle of a group hosts would stand half done.
describe('a rollout that is held (D8)', () => {
  test('takes the group that is under way to its end, and starts no other until it is released', async () => {
    const played = await held({ afterMs: hour, control: act('release', 'r') });

    expect(startedAt(played, 'install', 'web1')).toBeLessThan(hour);
    expect(startedAt(played, 'drain', 'web2')).toBeGreaterThanOrEqual(hour);
    expect(played.result?.outcome).toBe('succeeded');
  });

  test('is backed out without being released before', async () => {
    const played = await held({ afterMs: hour, control: act('backOut', 'b') });

    expect(effectsOf(played)).toEqual(['drain web1 do', 'install web1 do', 'drain web1 undo']);
    expect(played.result?.outcome).toBe('undone');
  });
});

describe('a run that is held hard (D8)', () => {
  test('lets the step that is under way finish, and starts nothing more, in the middle of a group too', async () => {
    const steps = [rollout('up', [body('drain'), body('install')], { parallel: 1, hostDeadlineMs: 60_000 })];
    const hold: Control = { action: 'hold', actor: 'user/anna', via: 'cli', id: 'h', hard: true };
    const controls = [
      { afterMs: 500, control: hold },
      { afterMs: hour, control: act('release', 'r') },
    ];

    const played = await play(steps, { hostCount: 2, controls });

    expect(startedAt(played, 'drain', 'web1')).toBe(0);
    expect(startedAt(played, 'install', 'web1')).toBe(hour);
    // R-ROLL-10: the deadline of its hosts stood still.
    expect(played.result?.outcome).toBe('succeeded');
  });

  test('starts no step and no attempt outside of a rollout', async () => {
    const retry = { attempts: 2, delayMs: 500, backoff: 1 };
    const outcomes = [{ step: 'one', attempt: 1, fail: 'BROKEN' }];
    const hold: Control = { action: 'hold', actor: 'user/anna', via: 'cli', id: 'h', hard: true };
    const controls = [
      { afterMs: 500, control: hold },
      { afterMs: hour, control: act('release', 'r') },
    ];

    const played = await play([task('one', { retry }), task('two')], { script: { outcomes }, controls });

    const starts = played.rows.map(({ startedAt: at }) => (at ?? 0) - played.state.startedAt);
    expect(starts).toEqual([0, hour, hour + 1000]);
  });

  test('was held softly before: asking for more is accepted, asking for less is refused', async () => {
    const hold = (id: string, hard: boolean): Control => ({ action: 'hold', actor: 'user/anna', via: 'cli', id, hard });
    const controls = [hold('soft', false), hold('hard', true), hold('less', false)].map((control, at) => ({
      afterMs: 100 * (at + 1),
      control,
    }));

    const played = await play([task('one'), task('two')], {
      controls: [...controls, { afterMs: hour, control: act('release', 'r') }],
    });

    const asked = played.journal.flatMap((entry) => (entry.kind === 'run.control' ? [entry.key] : []));
    expect(asked).toEqual(['control/soft', 'control/hard', 'control/r']);
    expect(played.endedAt - played.state.startedAt).toBe(hour + 1000);
  });

  test('has its child runs held as well, and released', async () => {
    const child = { ...common('sub', 'runbook'), kind: 'runbook' as const, with: {}, undoable: true };
    const hold: Control = { action: 'hold', actor: 'user/anna', via: 'cli', id: 'h', hard: true };
    const controls = [
      { afterMs: 500, control: hold },
      { afterMs: hour, control: act('release', 'r') },
    ];

    const played = await play([{ ...child, program: program([task('one'), task('two')]) }], { controls });

    expect(played.endedAt - played.state.startedAt).toBe(hour + 1000);
    expect(played.result?.outcome).toBe('succeeded');
  });
});
