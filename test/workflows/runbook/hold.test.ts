import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Control } from '../../../workflows/runbook/messages';
import { body, rollout, undoOf } from './plans';
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
