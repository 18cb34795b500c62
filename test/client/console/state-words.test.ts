import { runStateWord } from '../../../client/console/state-words';

test.each([
  [{ state: 'running', outcome: null, degraded: false } as const, 'Running', 'busy'],
  [{ state: 'closed', outcome: 'succeeded', degraded: false } as const, 'Succeeded', 'good'],
  [{ state: 'closed', outcome: 'succeeded', degraded: true } as const, 'Succeeded, degraded', 'wait'],
  [{ state: 'closed', outcome: 'undo-failed', degraded: false } as const, 'Undo failed', 'bad'],
  [{ state: 'closed', outcome: null, degraded: false } as const, 'Closed', 'neutral'],
])('runStateWord() of %j is %s', (run, word, tone) => {
  expect(runStateWord(run)).toEqual({ word, tone });
});
