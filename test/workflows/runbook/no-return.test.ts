import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { ScriptedAnswer } from '../../../workflows/rehearsal/schema';
import type { Control } from '../../../workflows/runbook/messages';
import { program } from '../../support/program';
import { approval, body, common, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';
import type { Playing } from './play';

const worker = { on: 'worker' } as const;
const change = task('change', { undo: undoOf('change', 'success', worker) });
const drop = task('drop', { undo: { kind: 'none' }, pointOfNoReturn: approval('drop').approval });
const broken = task('broken', { undo: { kind: 'none' } });
const approve: ScriptedAnswer = { task: 'approval', by: 'user/anna', choose: 'approve', after: 'PT1H' };
const failing = [{ step: 'broken', fail: 'BROKEN' }];

function asked({ journal }: RehearsalResult): readonly string[] {
  return journal.flatMap((entry) =>
    entry.kind === 'task.opened' ? [`${entry.payload.kind} ${entry.payload.path}`] : [],
  );
}

function playPast(answers: readonly ScriptedAnswer[], playing: Playing = {}): Promise<RehearsalResult> {
  return play([change, drop, broken], {
    program: { onFailure: 'undo' },
    script: { outcomes: failing, answers: [approve, ...answers] },
    ...playing,
  });
}

describe('R-ROLL-9: a point of no return', () => {
  test('has an approval of its own, asked right before it', async () => {
    const played = await play([change, drop], { script: { answers: [approve] } });

    const entries = played.journal.map((entry) =>
      entry.kind === 'step.ended' || entry.kind === 'step.started' ? `${entry.kind} ${entry.payload.path}` : entry.kind,
    );
    expect(entries.indexOf('task.opened')).toBeGreaterThan(entries.indexOf('step.ended change'));
    expect(entries.indexOf('task.closed')).toBeLessThan(entries.indexOf('step.started drop'));
    expect(effectsOf(played)).toEqual(['change do', 'drop do']);
  });

  test('is not passed when that is refused: what was changed before goes back by itself', async () => {
    const refuse: ScriptedAnswer = { ...approve, choose: 'reject' };

    const played = await play([change, drop], { program: { onFailure: 'undo' }, script: { answers: [refuse] } });

    expect(effectsOf(played)).toEqual(['change do', 'change undo']);
    expect(asked(played)).toEqual(['approval drop']);
  });

  test.each([
    ['undo', ['change do', 'drop do', 'change undo'], 'undone'],
    ['stop', ['change do', 'drop do'], 'failed'],
  ])('once passed, a failure that would undo asks instead: %s', async (choose, effects, outcome) => {
    const played = await playPast([{ task: 'failure', by: 'user/anna', choose }]);

    expect(asked(played)).toEqual(['approval drop', 'failure broken']);
    expect(effectsOf(played)).toEqual(effects);
    expect(played.result?.outcome).toBe(outcome);
  });

  test('once passed, a cancel asks as well', async () => {
    const cancel: Control = { action: 'cancel', actor: 'user/anna', via: 'cli', id: 'c', keep: false, reason: '' };
    const outcomes = [{ step: 'broken', takes: 'PT10M' }];

    const played = await playPast([{ task: 'failure', by: 'user/anna', choose: 'undo' }], {
      script: { outcomes, answers: [approve, { task: 'failure', by: 'user/anna', choose: 'undo' }] },
      controls: [{ afterMs: 3_600_000 + 60_000, control: cancel }],
    });

    expect(asked(played)).toEqual(['approval drop', expect.stringContaining('failure')]);
    expect(effectsOf(played).at(-1)).toBe('change undo');
  });

  test('once passed, a rollout whose policy is to undo asks', async () => {
    const up = rollout('up', [body('install', { undo: undoOf('install') }), body('check')], {
      onRolloutFailure: 'undo',
    });
    const answers = [approve, { task: 'pause', by: 'user/anna', choose: 'stop' }];
    const outcomes = [{ step: 'check', host: 'web1', exitCode: 1 }];

    const played = await play([drop, up], { hostCount: 2, script: { outcomes, answers } });

    expect(asked(played)).toEqual(['approval drop', 'pause up']);
    expect(effectsOf(played).filter((effect) => effect.endsWith('undo'))).toEqual([]);
  });

  test.each([
    ['undo', ['change do', 'drop do', 'change undo'], 'undone'],
    // Then it is a failed undo of the parent, and that is given up.
    ['stop', ['change do', 'drop do'], 'undo-failed'],
  ])('once passed by a child run, the undo of its parent asks there: %s', async (choose, effects, outcome) => {
    const child = { ...common('sub', 'runbook'), kind: 'runbook' as const, with: {}, undoable: true };
    const answers = [
      approve,
      { task: 'failure', by: 'user/anna', choose },
      { task: 'undo-failed', by: 'user/anna', choose: 'give-up' },
    ];

    for (let suspended = 0; suspended <= 15; suspended += 1) {
      const played = await play([{ ...child, program: program([change, drop]) }, broken], {
        program: { onFailure: 'undo' },
        script: { outcomes: failing, answers },
        suspendAt: (checkpoint) => checkpoint === suspended,
      });

      expect([suspended, played.problems, effectsOf(played)]).toEqual([suspended, [], effects]);
      expect(played.result?.outcome).toBe(outcome);
    }
  });
});
