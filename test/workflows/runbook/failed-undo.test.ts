import { body, group, operation, rollout } from './plans';
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
