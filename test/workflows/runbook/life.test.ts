import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Control } from '../../../workflows/runbook/messages';
import type { Step } from '../../../workflows/runbook/plan';
import { approval, common, task } from './plans';
import { play } from './play';

const who = { actor: 'user/anna', via: 'cli' };
const pause = { afterMs: 5_000, control: { action: 'pause', ...who, id: 'p' } satisfies Control };
const resume = { afterMs: 60_000, control: { action: 'resume', ...who, id: 'r' } satisfies Control };
const anna = { task: 'approval', by: 'user/anna', choose: 'approve' } as const;

function lives({ journal }: RehearsalResult): readonly string[] {
  return journal.flatMap((entry) => (entry.kind === 'run.state' ? [entry.payload.state] : []));
}

test('a run that is paused while people are asked shows paused, and waiting again when it goes on', async () => {
  const played = await play([approval('ok'), task('after')], {
    controls: [pause, resume],
    script: { answers: [{ ...anna, after: 'PT2M' }] },
  });

  expect(lives(played)).toEqual(['running', 'waiting', 'paused', 'waiting', 'running']);
});

test('an answer to a paused run counts, and the next step waits until it is resumed', async () => {
  const played = await play([approval('ok'), task('after')], {
    controls: [pause, resume],
    script: { answers: [{ ...anna, after: 'PT30S' }] },
  });

  expect(lives(played)).toEqual(['running', 'waiting', 'paused', 'running', 'paused', 'running']);
  expect(played.endedAt - played.state.startedAt).toBe(61_000);
});

test('a pause that comes in the middle of a wait shows at once, and lets the time pass', async () => {
  const wait: Step = { ...common('rest', 'wait'), kind: 'wait', wait: { for: { literal: 600_000 } } };

  const played = await play([wait], { controls: [pause, resume] });

  expect(lives(played)).toEqual(['running', 'waiting', 'paused', 'waiting', 'running']);
  expect(played.endedAt - played.state.startedAt).toBe(600_000);
});

test('of two branches none speaks for the other: asked in one, the run waits until that is answered', async () => {
  const wait: Step = { ...common('rest', 'wait'), kind: 'wait', wait: { for: { literal: 10_000 } } };
  const both: Step = { ...common('both', 'parallel'), kind: 'parallel', branches: [approval('ok'), wait] };

  const played = await play([both], { script: { answers: [{ ...anna, after: 'PT1H' }] } });

  expect(lives(played)).toEqual(['running', 'waiting', 'running']);
});

test('a question that is open when its run ends is withdrawn', async () => {
  const both: Step = { ...common('both', 'parallel'), kind: 'parallel', branches: [approval('ok'), task('work')] };

  const played = await play([both], {
    controls: [{ afterMs: 5_000, control: { action: 'cancel', ...who, id: 'c', keep: true, reason: '' } }],
  });

  expect(Object.values(played.state.tasks).filter(({ closed }) => closed === null)).toEqual([]);
});
