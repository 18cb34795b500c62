import { progressLine } from '../../../client/cli/progress';

const at = Date.UTC(2026, 10, 21, 9, 0, 1);

function lineOf(kind: string, payload: Parameters<typeof progressLine>[0]['payload']): string | null {
  return progressLine({ seq: 1, key: kind, kind, at, actor: 'user/anna', via: 'engine', payload });
}

test.each([
  ['step.started', { path: 'upgrade/install', phase: 'do', hostCount: 2 }, '09:00:01  upgrade/install on 2 hosts'],
  ['step.ended', { path: 'check', phase: 'do', status: 'succeeded', error: null }, '09:00:01  check succeeded'],
  [
    'host.ended',
    {
      step: 'install',
      host: 'web3',
      phase: 'undo',
      status: 'failed',
      error: { code: 'EXIT_CODE', message: 'exit code 1' },
    },
    '09:00:01  undo install web3 failed (EXIT_CODE: exit code 1)',
  ],
  ['host.ended', { step: 'install', host: 'web1', phase: 'do', status: 'succeeded', error: null }, null],
  [
    'gate.verdict',
    { metric: 'shop', wave: 2, verdict: 'failed', message: '' },
    '09:00:01  gate shop after wave 2: failed',
  ],
  ['run.ended', { outcome: 'undone', degraded: false, error: null }, '09:00:01  run undone'],
])('progressLine() reads %s', (kind, payload, expected) => {
  expect(lineOf(kind, payload)).toBe(expected);
});

test('progressLine() passes over kinds it does not know and payloads that were redacted', () => {
  expect(lineOf('lock.granted', {})).toBeNull();
  expect(lineOf('step.ended', null)).toBeNull();
});
