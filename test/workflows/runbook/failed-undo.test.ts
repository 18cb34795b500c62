import type { RehearsalResult } from '../../../workflows/rehearsal';
import { body, group, operation, rollout, undoOf } from './plans';
import { effectsOf, play } from './play';

// D13: a failed undo stops that host only; hosts beside it must not be left half undone because of it.
test('when one of several undo steps fails on a host, the other hosts go through all of theirs (D13)', async () => {
  const undoStep = (id: string) => body(id, { at: `install.${id}`, operation: operation() });
  const steps = [
    rollout(
      'up',
      [
        body('install', {
          undo: { kind: 'steps', after: 'success', steps: [group('back', [undoStep('stop'), undoStep('clean')])] },
        }),
        body('broken'),
      ],
      { onRolloutFailure: 'undo' },
    ),
  ];

  const played = await play(steps, {
    hostCount: 2,
    script: {
      outcomes: [
        { step: 'broken', exitCode: 1 },
        { step: 'stop', host: 'web1', phase: 'undo', exitCode: 1 },
      ],
      answers: [{ task: 'undo-failed', by: 'user/anna', choose: 'give-up' }],
    },
  });

  expect(
    effectsOf(played)
      .filter((effect) => effect.endsWith('undo'))
      .toSorted(byText),
  ).toEqual(['clean web2 undo', 'stop web1 undo', 'stop web2 undo']);
  expect(played.result?.outcome).toBe('undo-failed');
});

function byText(left: string, right: string): number {
  return left.localeCompare(right);
}

// R-ROLL-8: a host between its old state and its new one is looked at before anything else happens.
describe('R-ROLL-8: a failed undo stops, and asks with the highest priority', () => {
  const install = body('install', { undo: undoOf('install', 'started') });
  const outcomes = [
    { step: 'install', host: 'web1', phase: 'do' as const, exitCode: 1 },
    { step: 'install', host: 'web1', phase: 'undo' as const, attempt: 1, exitCode: 1 },
  ];

  function playWith(onHostFailure: 'undo' | 'leave', choose: string): Promise<RehearsalResult> {
    const step = rollout('up', [install], {
      onHostFailure,
      parallel: 1,
      locks: ['service/shop'],
      maxFailures: { count: onHostFailure === 'undo' ? 1 : 0 },
      onRolloutFailure: 'undo',
    });
    const answers = [{ task: 'undo-failed', by: 'user/anna', choose, after: 'PT1H' }];
    return play([step], { hostCount: 2, script: { outcomes, answers } });
  }

  test.each(['undo', 'leave'] as const)('where a failed host is to %s', async (onHostFailure) => {
    const played = await playWith(onHostFailure, 'retry');

    const opened = played.journal.flatMap((entry) => (entry.kind === 'task.opened' ? [entry.payload] : []));
    expect(opened).toMatchObject([{ kind: 'undo-failed', priority: 1, hosts: ['web1'], dueAt: null }]);
    // Nobody touches another host before that is answered.
    const next = played.rows.filter(({ host }) => host === 'web2').map(({ startedAt }) => startedAt ?? 0);
    expect(next.every((at) => at >= played.state.startedAt + 3_600_000)).toBe(true);
    expect(played.result?.outcome).toBe(onHostFailure === 'undo' ? 'succeeded' : 'undone');
  });

  test('skipping it goes on, and the host stays a failed one', async () => {
    const played = await playWith('undo', 'skip');

    expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: true });
    expect(played.state.exceptions).toEqual(['up: web1']);
  });

  test.each(['undo', 'leave'] as const)(
    'giving it up keeps the locks, where a failed host is to %s',
    async (onHostFailure) => {
      const played = await playWith(onHostFailure, 'give-up');

      expect(played.result?.outcome).toBe('undo-failed');
      expect(effectsOf(played)).not.toContain('install web2 do');
      expect(played.state.locks.map(({ names }) => names)).toEqual([['service/shop']]);
    },
  );
});
