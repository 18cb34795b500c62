import fc from 'fast-check';

import type { ScriptedAnswer } from '../../../workflows/rehearsal/schema';
import type { ManualStep, Step, WaitStep } from '../../../workflows/runbook/plan';
import { approval, common, group, task } from './plans';
import { effectsOf, play } from './play';

const by = (who: string, choose: string, after = 'PT1H'): ScriptedAnswer => ({
  task: 'ok',
  by: `user/${who}`,
  choose,
  after,
});

test('R-APPR-1: an approval with two of three goes on with the second vote', async () => {
  const played = await play([approval('ok', { min: 2 }), task('next')], {
    script: { answers: [by('anna', 'approve'), by('ben', 'approve', 'PT3H')] },
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(played.endedAt - played.state.startedAt).toBe(3 * 3_600_000 + 1000);
});

test('R-APPR-3: one person counts once', async () => {
  const answers = [by('anna', 'approve'), { ...by('anna', 'approve', 'PT2H'), comment: 'again' }];

  const played = await play([approval('ok', { min: 2 })], { script: { answers } });

  expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'TASK_OVERDUE' } });
});

test('R-APPR-2: one rejection ends it', async () => {
  const played = await play([approval('ok', { min: 1 }), task('next')], {
    script: { answers: [{ ...by('ben', 'reject'), comment: 'not now' }, by('anna', 'approve', 'PT2H')] },
  });

  expect(played.result?.error).toEqual({
    code: 'APPROVAL_REJECTED',
    message: 'Cannot go on: rejected by user/ben (not now)',
    step: 'ok',
  });
  expect(effectsOf(played)).toEqual([]);
});

test('R-SOD-1: the vote of the requester is refused, and the refusal is journaled', async () => {
  const played = await play([approval('ok')], {
    script: { requester: 'user/anna', answers: [by('anna', 'approve'), by('ben', 'approve', 'PT2H')] },
  });

  expect(played.result?.outcome).toBe('succeeded');
  const refused = played.journal.find(({ kind }) => kind === 'task.refused');
  expect(refused).toMatchObject({ actor: 'user/anna', payload: { code: 'DUTIES_NOT_SEPARATE' } });
});

// A test run (`run --check`) reads and looks; what approvals stand in front of is never done by it, and nobody is asked to allow it.
test('R-SOD-2: a test run asks nobody and does nothing that an approval stands in front of', async () => {
  const steps = [
    approval('ok'),
    task('change'),
    task('look', { operation: { ...task('look').operation, effect: 'read' } }),
  ];
  const answers = [by('anna', 'approve')];

  const checked = await play(steps, { check: true, script: { answers } });
  const live = await play(steps, { script: { answers } });

  expect([checked, live].map(({ result }) => result?.outcome)).toEqual(['checked', 'succeeded']);
  expect(checked.journal.some(({ kind }) => kind === 'task.opened')).toBe(false);
  expect([effectsOf(checked), effectsOf(live)]).toEqual([[], ['change do']]);
});

test('R-APPR-5: a quorum that cannot be reached fails the step at once instead of waiting for ever', async () => {
  const played = await play([approval('ok', { min: 3 }), task('next')]);

  expect(played.result?.error).toMatchObject({ code: 'QUORUM_UNREACHABLE', step: 'ok' });
  expect(played.journal.some(({ kind }) => kind === 'task.opened')).toBe(false);
  expect(effectsOf(played)).toEqual([]);
});

test('R-SOD-1: only a policy that says so by name lets the requester approve', async () => {
  const played = await play([approval('ok', { excludeRequester: false })], {
    script: { requester: 'user/anna', answers: [by('anna', 'approve')] },
  });

  expect(played.result?.outcome).toBe('succeeded');
});

test('R-APPR-6: silence is a rejection, never a consent', async () => {
  const silent = await play([approval('ok', {}, { onDue: 'reject' })]);
  const sly = await play([approval('ok', {}, { onDue: 'approve' })]);
  const granted = await play([approval('ok', { silenceMeansConsent: true }, { onDue: 'approve' })]);

  expect([silent, sly, granted].map(({ result }) => result?.outcome)).toEqual(['failed', 'failed', 'succeeded']);
});

test('an overdue approval can be escalated to the one above, who has as much time again', async () => {
  const policy = { approvers: ['user/anna'], escalateTo: 'user/boss' };
  const answers = [{ task: 'ok', by: 'user/boss', choose: 'approve', after: 'PT2H' }];

  const played = await play([approval('ok', policy, { onDue: 'escalate' })], { script: { answers: [] } });
  const saved = await play([approval('ok', policy, { onDue: 'escalate' })], {
    script: { answers: [{ ...answers[0], task: 'escalated', by: 'user/boss', choose: 'approve' }] },
  });

  expect(played.result?.outcome).toBe('failed');
  expect(saved.result?.outcome).toBe('succeeded');
});

test('onReject: continue goes on, and the record says what was chosen', async () => {
  const steps = [{ ...approval('ok', {}, { onReject: 'continue' }), keep: ['choice', 'by'] }, task('next')];

  const played = await play(steps, {
    script: { answers: [by('ben', 'reject')] },
    program: { outputs: { choice: { expression: 'steps.ok.choice' }, by: { expression: 'steps.ok.by' } } },
  });

  expect(played.result).toMatchObject({ outcome: 'succeeded', outputs: { choice: 'reject', by: ['user/ben'] } });
});

test('R-APPR-9: a vote that was given to another plan does not count', async () => {
  const played = await play([approval('ok')], { script: { answers: [by('anna', 'approve')] } });

  const opened = played.journal.find((entry) => entry.kind === 'task.opened');
  expect(opened?.payload).toMatchObject({ planHash: 'hash', kind: 'approval' });
});

test('R-APPR-10: a cancelled run asks nobody any more', async () => {
  const control = { action: 'cancel', actor: 'user/anna', via: 'cli', id: 'c1', keep: false, reason: 'no' } as const;

  const played = await play([approval('ok', { min: 2 })], {
    script: { answers: [by('anna', 'approve'), by('ben', 'approve', 'PT3H')] },
    controls: [{ afterMs: 2 * 3_600_000, control }],
  });

  expect(played.result?.outcome).toBe('cancelled');
  const closed = played.journal.find(({ kind }) => kind === 'task.closed');
  expect(closed?.payload).toMatchObject({ reason: 'withdrawn' });
  expect(played.state.desks).toEqual({});
});

test('R-APPR-7: approvers of a run are reminded as time runs out', async () => {
  const played = await play([approval('ok')]);

  const reminded = played.timeline.filter(({ text }) => text.startsWith('reminded'));
  expect(reminded.map(({ offsetMs }) => offsetMs / 3_600_000)).toEqual([12, 18, 21.6]);
});

test('an approval goes on with the votes that it had when the run is entered again', async () => {
  const later: WaitStep = { ...common('later', 'wait'), kind: 'wait', wait: { for: { literal: 'PT2H' } } };
  const branches = [approval('ok', { min: 2 }), group('meanwhile', [later, task('one'), task('two')])];
  const steps: Step[] = [{ ...common('both', 'parallel'), kind: 'parallel', branches }, task('next')];
  const answers = [by('anna', 'approve'), by('ben', 'approve', 'PT3H')];

  const whole = await play(steps, { script: { answers } });
  const ends = [];
  for (let at = 1; at <= 8; at += 1) ends.push(await play(steps, { script: { answers }, suspendAt: (n) => n === at }));

  for (const played of [whole, ...ends]) {
    expect(played.result?.outcome).toBe('succeeded');
    expect(played.journal.filter(({ kind }) => kind === 'task.opened')).toHaveLength(1);
    expect(played.journal.filter(({ kind }) => kind === 'vote.cast')).toHaveLength(2);
  }
});

test('what is shown is rendered once and signed', async () => {
  const step = {
    ...approval('ok', {}, { show: { version: { expression: 'inputs.version' } } }),
    reads: { names: ['inputs'], steps: [], hostSteps: [] },
  };

  const played = await play([step], {
    script: { answers: [by('anna', 'approve')] },
    program: { inputs: { version: '1.2.3' } },
  });

  const opened = played.journal.find((entry) => entry.kind === 'task.opened');
  expect(opened?.payload).toMatchObject({ show: { version: '1.2.3' }, showHash: expect.stringMatching(/./) });
});

describe('manual', () => {
  const manual = (over: Partial<ManualStep> = {}): ManualStep => ({
    ...common('look', 'manual'),
    kind: 'manual',
    title: { literal: 'Look at the disk' },
    assignees: ['team/storage'],
    options: ['clean', 'leave'],
    show: {},
    due: { ms: 900_000 },
    onDue: 'leave',
    keep: ['choice', 'form'],
    ...over,
  });
  const outputs = { choice: { expression: 'steps.look.choice' } };

  test('the first answer decides', async () => {
    const played = await play([manual()], {
      script: { answers: [{ task: 'look', by: 'user/eve', choose: 'clean' }] },
      program: { outputs },
    });

    expect(played.result).toMatchObject({ outcome: 'succeeded', outputs: { choice: 'clean' } });
  });

  test('its due time chooses the option that it names, or fails', async () => {
    const left = await play([manual()], { program: { outputs } });
    const failed = await play([manual({ onDue: 'fail' })]);

    expect(left.result).toMatchObject({ outcome: 'succeeded', outputs: { choice: 'leave' } });
    expect(failed.result?.error?.code).toBe('TASK_OVERDUE');
  });

  test('a form that does not fit is refused', async () => {
    const form = { type: 'object', required: ['gigabytes'], properties: { gigabytes: { type: 'integer' } } };
    const answers = [
      { task: 'look', by: 'user/eve', choose: 'clean', form: { gigabytes: 'many' } },
      { task: 'look', by: 'user/bob', choose: 'clean', form: { gigabytes: 5 }, after: 'PT1M' },
    ];

    const played = await play([manual({ form })], {
      script: { answers },
      program: { outputs: { size: { expression: 'steps.look.form.gigabytes' } } },
    });

    expect(played.result).toMatchObject({ outcome: 'succeeded', outputs: { size: 5 } });
    expect(played.journal.filter(({ kind }) => kind === 'task.refused')).toHaveLength(1);
  });
});

test('no order and no mix of votes passes an approval with fewer than `min` distinct approvers, or against a rejection', async () => {
  const vote = fc.record({
    who: fc.constantFrom('anna', 'ben', 'rehearsal', 'mallory'),
    choose: fc.constantFrom('approve', 'reject'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(vote, { maxLength: 6 }), fc.integer({ min: 1, max: 3 }), async (votes, min) => {
      const answers = votes.map(({ who, choose }, index) => ({ ...by(who, choose, `PT${index + 1}M`) }));
      const played = await play([approval('ok', { min })], { script: { answers } });

      const counted = played.journal.flatMap((entry) => (entry.kind === 'vote.cast' ? [entry.payload] : []));
      const approving = new Set(counted.filter(({ choice }) => choice === 'approve').map(({ actor }) => actor));
      if (played.result?.outcome === 'succeeded') expect(approving.size).toBeGreaterThanOrEqual(min);
      expect(counted.some(({ actor }) => actor === 'user/mallory' || actor === 'user/rehearsal')).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('pointOfNoReturn asks right before the step, and turns an automatic undo into a question', async () => {
  const spec = approval('ok').approval;
  const steps = [task('drop', { pointOfNoReturn: spec }), task('broken')];
  const undoable = task('change', {
    undo: {
      kind: 'operation',
      after: 'success',
      at: 'change.undo',
      operation: task('x').operation,
      where: { on: 'worker' },
      reads: { names: [], steps: [], hostSteps: [] },
    },
  });
  const answers = [
    { task: 'drop', by: 'user/anna', choose: 'approve' },
    { task: 'failure', by: 'user/anna', choose: 'stop', after: 'PT1M' },
  ];

  const played = await play([undoable, ...steps], {
    program: { onFailure: 'undo' },
    script: { outcomes: [{ step: 'broken', fail: 'BROKEN' }], answers },
  });

  expect(played.result?.outcome).toBe('failed');
  expect(effectsOf(played)).toEqual(['change do', 'drop do']);
});
