import type { Outcome, ScriptedAnswer } from '../../../workflows/rehearsal/schema';
import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Control } from '../../../workflows/runbook/messages';
import type { RolloutStep } from '../../../workflows/runbook/plan';
import { approval, body, common, metric, operation, rollout, undoOf } from './plans';
import { effectsOf, play } from './play';

const vague = metric('shop', { fail: 'result.status == 500' });
const install = body('install', { undo: undoOf('install') });

function watched(over: Partial<RolloutStep>): RolloutStep {
  return rollout('up', [install], {
    gate: [vague],
    undoGate: [metric('old', { at: 'old' })],
    waves: [{ count: 1 }, { percent: 100 }],
    ...over,
  });
}

/** The first round after a wave is generation 3; each later one is one above. */
function shop(attempt: number | null, status: number): Outcome {
  return { step: 'shop', result: { status }, ...(attempt === null ? { wave: 0 } : { wave: 1, attempt }) };
}

const fine: readonly Outcome[] = [
  { step: 'shop', result: { status: 200 } },
  { step: 'old', result: { status: 200 } },
];
const undecided = [shop(null, 200), shop(3, 404)];

function verdicts({ journal }: RehearsalResult): readonly string[] {
  return journal.flatMap((entry) => (entry.kind === 'gate.verdict' ? [entry.payload.verdict] : []));
}

function closings({ journal }: RehearsalResult): readonly string[] {
  return journal.flatMap((entry) => (entry.kind === 'task.closed' ? [entry.payload.reason] : []));
}

const late: ScriptedAnswer = { task: 'pause', by: 'user/anna', choose: 'continue', after: 'PT1H' };

test('R-ROLL-6: a gate that fails while people are asked about an undecided one rolls back without them', async () => {
  const outcomes = [...undecided, shop(4, 200), shop(5, 500), ...fine];

  const played = await play([watched({ onRolloutFailure: 'undo' })], { script: { outcomes, answers: [late] } });

  expect(played.result).toMatchObject({ outcome: 'undone', error: { code: 'GATE_NOT_PASSED' } });
  expect(effectsOf(played)).toEqual(['install web1 do', 'install web1 undo']);
  expect(closings(played)).toEqual(['withdrawn']);
  // Undecided, then news only: it recovered, it failed; and the verification of the old state.
  expect(verdicts(played)).toEqual(['successful', 'inconclusive', 'successful', 'failed', 'successful']);
});

test('R-ROLL-6: what stays fine while people are asked changes nothing, and they decide', async () => {
  const played = await play([watched({ onRolloutFailure: 'undo' })], {
    hostCount: 2,
    script: { outcomes: [...undecided, ...fine], answers: [late] },
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(closings(played)).toEqual(['answered']);
  expect(played.rows.filter(({ step }) => step.endsWith('sample:1')).length).toBeGreaterThan(30);
});

test('R-ROLL-6: where the policy is to ask, an undecided gate that fails becomes another question', async () => {
  const played = await play([watched({ onRolloutFailure: 'pause' })], {
    script: {
      outcomes: [...undecided, shop(4, 500), ...fine],
      answers: [late, { ...late, choose: 'stop', after: 'PT2H' }],
    },
  });

  const asked = played.journal.flatMap((entry) => (entry.kind === 'task.opened' ? [entry.payload] : []));
  expect(asked.map(({ options }) => options.includes('continue'))).toEqual([true, false]);
  expect(asked[1]?.title).toBe(
    'Cannot pass the gate of "up" while people are asked: failed; Cannot accept the sample: "result.status == 500" holds',
  );
  expect(closings(played)[0]).toBe('withdrawn');
});

test('R-ROLL-6, R-ROLL-9: after a point of no return a failed gate undoes nothing by itself', async () => {
  const noReturn = { ...approval('ok').approval, title: { literal: 'sure?' } };
  const steps = [watched({ onRolloutFailure: 'undo', pointOfNoReturn: noReturn })];

  const played = await play(steps, {
    script: {
      outcomes: [...undecided, shop(4, 500), ...fine],
      answers: [
        { task: 'approval', by: 'user/anna', choose: 'approve' },
        { ...late, choose: 'continue' },
        { ...late, choose: 'stop' },
      ],
    },
  });

  expect(effectsOf(played)).toEqual(['install web1 do']);
  expect(played.result?.outcome).toBe('failed');
});

describe('R-ROLL-6 in the middle of a wave', () => {
  const bad = [{ step: 'shop', wave: 0, result: { status: 200 } }, { step: 'shop', result: { status: 500 } }, ...fine];

  test('while people are asked about a host that nobody knows about', async () => {
    const risky = body('install', {
      operation: operation({ effect: 'unsafe' }),
      undo: undoOf('install', 'started'),
    });
    const steps = [{ ...watched({ onRolloutFailure: 'undo', waves: [{ percent: 100 }] }), steps: [risky] }];

    const played = await play(steps, {
      hostCount: 2,
      script: { outcomes: [{ step: 'install', host: 'web2', lose: 'afterEffect' }, ...bad] },
    });

    expect(played.result?.outcome).toBe('undone');
    expect(effectsOf(played)).toEqual(['install web1 do', 'install web2 do', 'install web2 undo', 'install web1 undo']);
    expect(closings(played)).toEqual(['withdrawn']);
  });

  test('while people are asked about a step that failed', async () => {
    const asking = body('check', { onFailure: 'ask' });
    const steps = [{ ...watched({ onRolloutFailure: 'undo', waves: [{ percent: 100 }] }), steps: [install, asking] }];

    const played = await play(steps, {
      hostCount: 2,
      script: { outcomes: [{ step: 'check', host: 'web2', exitCode: 1 }, ...bad] },
    });

    expect(played.result).toMatchObject({ outcome: 'undone', error: { code: 'GATE_NOT_PASSED' } });
    expect(effectsOf(played).filter((effect) => effect.startsWith('install'))).toEqual([
      'install web1 do',
      'install web2 do',
      'install web2 undo',
      'install web1 undo',
    ]);
    expect(played.problems).toEqual([]);
  });

  test('while the rollout is held', async () => {
    const hold: Control = { action: 'hold', actor: 'user/anna', via: 'cli', id: 'h' };
    const steps = [watched({ onRolloutFailure: 'stop', waves: [{ percent: 100 }], parallel: 1 })];

    const played = await play(steps, {
      script: { outcomes: bad },
      controls: [{ afterMs: 1500, control: hold }],
    });

    expect(played.result).toMatchObject({ outcome: 'failed', error: { code: 'GATE_NOT_PASSED' } });
    expect(effectsOf(played)).toEqual(['install web1 do']);
  });
});

test('R-ROLL-6: a rehearsal in which only the gate goes on says that nobody answers', async () => {
  const played = await play([watched({ onRolloutFailure: 'undo' })], { script: { outcomes: [...undecided, ...fine] } });

  expect(played.problems).toEqual([expect.stringContaining('nobody answers')]);
});

test('R-ROLL-6, R-ROLL-7: however long people take, a gate that stays good never promotes by itself', async () => {
  const steps = [
    watched({ onRolloutFailure: 'undo' }),
    { ...common('after', 'set'), kind: 'set', values: {}, perHost: false } as const,
  ];

  const played = await play(steps, {
    hostCount: 2,
    script: { outcomes: [...undecided, ...fine], answers: [{ ...late, choose: 'stop', after: 'PT12H' }] },
  });

  expect(played.result?.outcome).toBe('failed');
  expect(effectsOf(played)).toEqual(['install web1 do']);
});
