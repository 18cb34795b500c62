import type { Outcome } from '../../../workflows/rehearsal/schema';
import type { RolloutStep, Step } from '../../../workflows/runbook/plan';
import { body, common, group, operation, rollout, task } from './plans';
import { play } from './play';

const reads = { names: [], steps: ['up'], hostSteps: [] } as const;
const keep = ['counts', 'hosts'];

function up(over: Partial<RolloutStep> = {}): RolloutStep {
  const before = body('before', { operation: operation({ effect: 'read' }) });
  return rollout('up', [group('look', [before]), body('install')], { maxFailures: { count: 2 }, keep, ...over });
}

function reading(expression: string): Step {
  return { ...common('sum', 'set'), kind: 'set', values: { x: { expression } }, perHost: false, reads };
}

const outcomes: readonly Outcome[] = [
  { step: 'before', host: 'web1', stdout: '1.0' },
  { step: 'before', host: 'web2', stdout: '2.0' },
  { step: 'install', host: 'web2', fail: 'BROKEN' },
];

/** `language.md` section 7: what expressions outside of a body read of its hosts. */
test.each<[string, unknown]>([
  ["steps.up.hosts.filter(h, h.status == 'failed').map(h, h.name)", ['web2']],
  ['steps.up.hosts.map(h, h.ok)', [true, false, true]],
  ['steps.up.hosts.map(h, h.steps.before.stdout)', ['1.0', '2.0', '']],
  ["steps.up.hosts.filter(h, h.steps.install.status == 'failed').size()", 1],
  ["steps.up.hosts.filter(h, h.error != null).map(h, h.error.code + ' ' + h.name)", ['BROKEN web2']],
  ['steps.up.hosts.size() == steps.up.counts.ok + steps.up.counts.failed', true],
])('D5, D12: an aggregate over the hosts of a rollout: %s', async (expression, expected) => {
  const played = await play([up(), reading(expression)], {
    hostCount: 3,
    program: { outputs: { x: { expression } } },
    script: { outcomes },
  });

  expect(played.problems).toEqual([]);
  expect(played.result?.outputs).toEqual({ x: expected });
});

test('a rollout that was not reached has no hosts', async () => {
  const skipped = up({ if: { expression: 'false', perHost: false } });

  const played = await play([skipped], { program: { outputs: { x: { expression: 'steps.up.hosts.size()' } } } });

  expect(played.result?.outputs).toEqual({ x: 0 });
});

test('D5: what the state keeps of the hosts is a character for each, and not their records', async () => {
  const played = await play([up()], { hostCount: 2000 });

  expect(JSON.stringify(played.state).length).toBeLessThan(8000);
});

test('a step on the worker may read them in its own values', async () => {
  const expression = "steps.up.hosts.filter(h, !h.ok).map(h, h.name).join(', ')";
  const note = task('note', {
    operation: operation({ name: 'core.echo', effect: 'read', input: { map: { text: { expression } } } }),
    keep: ['result'],
    reads,
  });

  const played = await play([up(), note], { hostCount: 3, script: { outcomes } });

  expect(played.rows.at(-1)?.captured).toMatchObject({ result: { text: 'web2' } });
});

test('an aggregate over a list of hosts outside of a rollout reads its rows', async () => {
  const where = { on: 'hosts', set: 'web', single: false, parallel: 10, maxFailures: 2, allowEmpty: false } as const;
  const list = task('up', { where, keep, operation: operation() });

  const played = await play([list], {
    hostCount: 3,
    program: { outputs: { x: { expression: 'steps.up.hosts.filter(h, h.exitCode == 3).map(h, h.name)' } } },
    script: { outcomes: [{ step: 'up', host: 'web2', exitCode: 3 }] },
  });

  expect(played.result?.outputs).toEqual({ x: ['web2'] });
});
