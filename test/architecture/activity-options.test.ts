import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root, sourceFiles } from './source';

const factory = readFileSync(join(root, 'workflows/temporal-effects/activities.ts'), 'utf8');

/** What each function of the factory returns as options, by its name. */
function optionsOf(name: string): string {
  const found = new RegExp(`function ${name}\\([^]*?\\n}`).exec(factory);
  if (found === null) throw new Error(`Cannot find ${name}() in the factory of activity options`);
  return found[0];
}

describe('options of activities', () => {
  // D2: an omitted cancellation type behaves as TRY_CANCEL; then a run goes on while its activity still works, and an activity
  // whose worker dies after the request to cancel is not tried again.
  test.each(['activityOptions', 'localOptions'])('%s() waits until a cancelled activity has let go (D2)', (name) => {
    expect(optionsOf(name)).toMatch(/cancellationType: ActivityCancellationType\.WAIT_CANCELLATION_COMPLETED/);
  });

  test('no other file schedules an activity (D2)', () => {
    const makers = sourceFiles('workflows').filter(({ text }) =>
      /\b(proxyActivities|proxyLocalActivities|scheduleActivity|scheduleLocalActivity)\b/.test(text),
    );

    expect(makers.map(({ path }) => path)).toEqual(['workflows/temporal-effects/activities.ts']);
  });

  // D19: a workflow task has ten seconds; a local activity that takes longer would be handed out, and done, twice.
  test('a local activity ends before its workflow task does (D19)', () => {
    const [, limit = 'none'] = /const localTimeoutMs = ([\d_]+);/.exec(factory) ?? [];

    expect(optionsOf('localOptions')).toMatch(/startToCloseTimeout: localTimeoutMs/);
    expect(Number(limit.replaceAll('_', ''))).toBeLessThan(10_000);
  });
});

// D1, D11: what a dead worker held is taken up by another within five seconds; each of these alone would make it longer.
describe('a lost worker is noticed within seconds (D11)', () => {
  const worker = readFileSync(join(root, 'workers/worker.ts'), 'utf8');

  test.each([
    ['three missing heartbeats', () => optionsOf('activityOptions'), /heartbeatTimeout: 3_000,/],
    ['a heartbeat that is sent each second', () => worker, /maxHeartbeatThrottleInterval: '1s',/],
    ['a heartbeat that is sent each second by default', () => worker, /defaultHeartbeatThrottleInterval: '1s',/],
    ['a beat by every activity', () => worker, /inbound: new HeartbeatInterceptor\(\)/],
    ['workflow tasks that do not wait for it', () => worker, /stickyQueueScheduleToStartTimeout: '2s',/],
  ])('by %s', (_what, text, expected) => {
    expect(text()).toMatch(expected);
  });

  // D1: the runbook's own retry is the interpreter's; this one is for infrastructure alone, soon and for ever, within a bound.
  test('and its work is tried again after 200 ms to 1 s, bounded by time and not by attempts (D1)', () => {
    const [, retry = ''] = /const infrastructureRetry = \{([^}]*)\}/.exec(factory) ?? [];

    expect(retry).toMatch(/initialInterval: 200,.*maximumInterval: 1_000/);
    expect(factory).not.toMatch(/maximumAttempts: (?!1\b)/);
    expect(optionsOf('activityOptions')).toMatch(/retry: infrastructureRetry,/);
    expect(optionsOf('activityOptions')).toMatch(/scheduleToCloseTimeout: /);
  });
});

// D7: with TERMINATE a child dies when its parent continues as new.
test('children outlive the execution that started them, and are cancelled by a message alone (D7)', () => {
  const starters = sourceFiles('workflows').filter(({ text }) => /\b(startChild|executeChild)\(\s*[^)]/.test(text));
  const binding = starters.filter(({ text }) => text.includes("from '@temporalio/workflow'"));

  expect(binding.map(({ path }) => path)).toEqual(['workflows/temporal-effects/start-once.ts']);
  expect(binding[0]?.text).toMatch(/parentClosePolicy: ParentClosePolicy\.ABANDON/);
  expect(binding[0]?.text).toMatch(/cancellationType: ChildWorkflowCancellationType\.ABANDON/);
});
