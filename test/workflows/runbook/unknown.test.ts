import type { Outcome } from '../../../workflows/rehearsal/schema';
import type { RehearsalResult } from '../../../workflows/rehearsal';
import { body, operation, rollout, task } from './plans';
import { effectsOf, play } from './play';

const unsafe = operation({ effect: 'unsafe' });
const lost: Outcome = { step: 'install', host: 'web1', attempt: 1, lose: 'afterEffect' };

function playRollout(maxFailures: number): Promise<RehearsalResult> {
  const steps = [
    rollout('up', [body('install', { operation: unsafe }), body('check')], {
      parallel: 1,
      maxFailures: { count: maxFailures },
    }),
  ];
  const answers = [{ task: 'unknown', by: 'user/anna', choose: 'done', after: 'PT1H' }];
  return play(steps, { hostCount: 2, script: { outcomes: [lost], answers } });
}

// D1: while nobody knows whether a host is well, it may be harmed.
test('with nothing to spare, the next group starts only once the unknown host is answered for (D1)', async () => {
  const played = await playRollout(0);

  expect(effectsOf(played)).toEqual(['install web1 do', 'check web1 do', 'install web2 do', 'check web2 do']);
  expect(played.result).toMatchObject({ outcome: 'succeeded', degraded: false });
});

test('with a failure to spare, the groups go on and the unknown host comes last (D1)', async () => {
  const played = await playRollout(1);

  expect(effectsOf(played)).toEqual(['install web1 do', 'install web2 do', 'check web2 do', 'check web1 do']);
});

test('an unknown step is neither retried nor taken for a success, and the question has no due time (D1)', async () => {
  const retry = { attempts: 3, delayMs: 1000, backoff: 1 };
  const steps = [
    task('pay', { operation: operation({ name: 'http.request', effect: 'unsafe' }), retry }),
    task('next'),
  ];
  const outcomes: readonly Outcome[] = [{ step: 'pay', lose: 'afterEffect' }];
  const answers = [{ task: 'unknown', by: 'user/anna', choose: 'fail', after: 'PT240H' }];

  const played = await play(steps, { script: { outcomes, answers } });

  expect(played.result).toMatchObject({ outcome: 'failed' });
  expect(effectsOf(played)).toEqual(['pay do']);
  const opened = played.journal.flatMap((entry) => (entry.kind === 'task.opened' ? [entry.payload] : []));
  expect(opened).toMatchObject([
    { kind: 'unknown', candidates: ['team/web'], dueAt: null, onDue: null, options: ['done', 'not-done', 'fail'] },
  ]);
});
