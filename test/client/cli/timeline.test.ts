import { timelineOf } from '../../../client/cli/timeline';
import { recordingTerminal } from '../../support/client/recording-terminal';
import { runView, stepView, taskRow } from '../../support/client/run-view';

const terminal = recordingTerminal();

test('timelineOf() shows a run from head to outputs', () => {
  const counts = { ok: 5, failed: 1, skipped: 0, unknown: 0 };
  const hosts = [
    {
      name: 'web3',
      delegate: null,
      status: 'failed' as const,
      changed: true,
      exitCode: 100,
      durationMs: 900,
      error: null,
    },
    {
      name: 'web4',
      delegate: null,
      status: 'succeeded' as const,
      changed: true,
      exitCode: 0,
      durationMs: 900,
      error: null,
    },
  ];
  const run = runView({
    degraded: true,
    steps: [
      stepView({ id: 'upgrade', path: 'upgrade', verb: 'rollout' }),
      stepView({ path: 'upgrade/install', counts, hosts, status: 'failed' }),
      stepView({ path: 'upgrade/install', phase: 'undo', status: 'undone', startedAt: null, endedAt: null }),
    ],
    tasks: [
      taskRow({ closed: { choice: 'approve', by: ['user/ben'], reason: 'answered', comment: 'ok', at: 1 } }),
      taskRow({ id: 'rabcdefghijkl/ask', title: 'What now?', options: ['retry', 'undo', 'stop'] }),
    ],
    outputs: { upgraded: 5 },
    exceptions: ['web3'],
  });

  expect(timelineOf(run, terminal).join('\n')).toMatchInlineSnapshot(`
   "Run 12  nginx-upgrade 1.0.0  succeeded (degraded)  (rabcdefghijkl)
     requested by user/anna, started 2026-11-21 09:00:00, took 3 min 12 s
     plan sha256:aa

     + 09:00:00 upgrade                      rollout   succeeded  2.5 s
     x 09:00:00   install                    exec      failed     5 ok, 1 failed 2.5 s
                  web3 failed: exit code 100
     <            undo install               exec      undone

   Tasks
     nginx 1.24.0: approve by user/ben ("ok")
     What now?: open, retry | undo | stop, for team/web (rabcdefghijkl/ask)

   Outputs
     upgraded = 5

   Exceptions: web3"
  `);
});

test('timelineOf() names five troubled hosts and counts the others', () => {
  const hosts = Array.from({ length: 8 }, (_, index) => ({
    name: `web${index}`,
    delegate: null,
    status: 'unknown' as const,
    changed: false,
    exitCode: null,
    durationMs: null,
    error: { code: 'SSH_UNREACHABLE', message: 'Cannot connect' },
  }));

  const lines = timelineOf(runView({ steps: [stepView({ hosts, status: 'unknown' })] }), terminal);

  expect(lines.filter((line) => line.includes('SSH_UNREACHABLE'))).toHaveLength(5);
  expect(lines.at(-1)?.trim()).toBe('and 3 hosts more');
});
