import type { RehearsalResult } from '../../../workflows/rehearsal';
import type { Control, RunReport } from '../../../workflows/runbook/messages';
import type { RolloutStep } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { body, common, metric, rollout, task, undoOf } from './plans';
import { effectsOf, play } from './play';
import type { Playing } from './play';

const minute = 60_000;
const who = { actor: 'engine', via: 'engine' };
const install = body('install', { undo: undoOf('install', 'started') });
const waves = [{ count: 1 }, { count: 2 }, { percent: 100 }];

function up(over: Partial<RolloutStep> = {}): RolloutStep {
  return rollout('up', [install], { waves, ...over });
}

function admit(wave: number, path = 'up'): Control {
  return { action: 'admitWave', ...who, id: `${path}/${wave}`, path, wave };
}

interface Steered {
  readonly played: RehearsalResult;
  readonly reports: readonly RunReport[];
}

async function steered(
  steps: Playing & { readonly rollout: RolloutStep },
  answer: (report: RunReport, before: readonly RunReport[]) => readonly Control[],
): Promise<Steered> {
  const reports: RunReport[] = [];
  const { rollout: step, ...playing } = steps;
  const played = await play([step, task('after')], {
    hostCount: 4,
    steeredBy(report) {
      const controls = answer(report, reports);
      reports.push(report);
      return controls;
    },
    ...playing,
  });
  return { played, reports };
}

const admitAll = (report: RunReport): readonly Control[] => (report.kind === 'waveReady' ? [admit(report.wave)] : []);

function told({ reports }: Steered): readonly string[] {
  return reports.map((report) => {
    switch (report.kind) {
      case 'waveReady':
        return `ready ${report.wave}/${report.waves}: ${report.hosts}`;
      case 'waveDone':
        return `done ${report.wave}: ${report.ok} ok, ${report.failed} failed`;
      case 'gateVerdict':
        return `gate ${report.wave}: ${report.verdict}`;
      case 'noReturn':
        return `no return at ${report.path}`;
      case 'deadlineReached':
        return `deadline at ${report.path}`;
    }
  });
}

function startOf({ played }: Steered, host: string): number {
  const row = played.rows.find((each) => each.host === host && each.phase === 'do');
  return (row?.startedAt ?? Number.NaN) - played.state.startedAt;
}

const fine = { outcomes: [{ step: 'shop', result: { status: 200 } }] };

describe('a run that is steered (D8)', () => {
  test('asks before each wave, and tells what became of it', async () => {
    const run = await steered({ rollout: up({ gate: [metric('shop')] }), script: fine }, admitAll);

    expect(told(run)).toEqual([
      'gate 0: successful',
      'ready 1/3: 1',
      'gate 1: successful',
      'done 1: 1 ok, 0 failed',
      'ready 2/3: 1',
      'gate 2: successful',
      'done 2: 1 ok, 0 failed',
      'ready 3/3: 2',
      'gate 3: successful',
      'done 3: 2 ok, 0 failed',
    ]);
    expect(run.played.result?.outcome).toBe('succeeded');
  });

  test('tells again every five minutes, with the same id, until the wave is admitted', async () => {
    const run = await steered({ rollout: up({ waves: [{ percent: 100 }] }) }, (_report, before) =>
      before.length === 2 ? [admit(1)] : [],
    );

    const ready = run.reports.filter(({ kind }) => kind === 'waveReady');
    expect(ready.map(({ at }) => at - run.played.state.startedAt)).toEqual([0, 5 * minute, 10 * minute]);
    expect(new Set(ready.map(({ id }) => id)).size).toBe(1);
    expect(startOf(run, 'web1')).toBe(10 * minute);
  });

  test('begins no wave that is not admitted', async () => {
    const run = await steered({ rollout: up() }, (report, before) => (before.length === 0 ? admitAll(report) : []));

    expect(run.played.problems).toEqual(['Cannot go on: nobody answers, and nothing else is due']);
    expect(effectsOf(run.played)).toEqual(['install web1 do']);
    expect(run.played.state.life).toBe('waiting');
  });

  test('may be told early, and twice', async () => {
    const controls = [1, 2, 3, 2].map((wave, at) => ({ afterMs: at, control: admit(wave) }));

    const run = await steered({ rollout: up(), controls }, () => []);

    expect(told(run).filter((each) => each.startsWith('ready'))).toEqual([
      'ready 1/3: 1',
      'ready 2/3: 1',
      'ready 3/3: 2',
    ]);
    expect(run.played.endedAt - run.played.state.startedAt).toBe(4000);
  });

  test('is not let in by the admission of another rollout', async () => {
    const controls = [{ afterMs: 100, control: admit(1, 'other') }];

    const run = await steered({ rollout: up(), controls }, () => []);

    expect(effectsOf(run.played)).toEqual([]);
  });

  test('R-ROLL-6: has its gate measured while it waits, and goes back when that fails', async () => {
    const script = {
      outcomes: [
        { step: 'shop', wave: 2, result: { status: 500 } },
        { step: 'shop', result: { status: 200 } },
      ],
    };

    const run = await steered(
      { rollout: up({ gate: [metric('shop')], undoGate: [], onRolloutFailure: 'undo' }), script },
      (report) => (report.kind === 'waveReady' && report.wave === 1 ? [admit(1)] : []),
    );

    expect(effectsOf(run.played)).toEqual(['install web1 do', 'install web1 undo']);
    expect(run.played.result).toMatchObject({ outcome: 'undone', error: { code: 'GATE_NOT_PASSED' } });
  });

  test('R-ROLL-7: no early admission promotes over a gate that is still being measured', async () => {
    const shop = metric('shop');
    const slow = { ...shop, sample: { ...shop.sample, everyMs: minute, count: 10, consecutiveSuccess: 10 } };
    const controls = [1, 2, 3].map((wave) => ({ afterMs: wave, control: admit(wave) }));

    const run = await steered({ rollout: up({ gate: [slow] }), script: fine, controls }, () => []);

    // The gate before the first wave takes nine minutes, and so does the one after it.
    expect(startOf(run, 'web1')).toBeGreaterThanOrEqual(9 * minute);
    expect(startOf(run, 'web2')).toBeGreaterThanOrEqual(18 * minute);
    expect(run.played.result?.outcome).toBe('succeeded');
  });

  test('R-WIN-1: says what its deadline keeps from starting, and goes on when it is moved', async () => {
    const moved: Control = { action: 'setDeadline', ...who, id: 'moved', cutoffAt: null };
    const cutoffAt = Date.UTC(2026, 0, 1) + 500;
    const set: Control = { action: 'setDeadline', ...who, id: 'd', cutoffAt };

    const run = await steered({ rollout: up(), controls: [{ afterMs: 100, control: set }] }, (report, before) => {
      if (report.kind === 'deadlineReached')
        return before.filter(({ kind }) => kind === report.kind).length === 1 ? [moved] : [];
      return admitAll(report);
    });

    expect(told(run).filter((each) => each.startsWith('deadline'))).toEqual(['deadline at up', 'deadline at up']);
    expect(startOf(run, 'web2')).toBe(1000 + 5 * minute);
    expect(run.played.result?.outcome).toBe('succeeded');
  });

  test('asks anew when it is tried again after it was undone', async () => {
    const answers = [{ task: 'failure', by: 'user/anna', choose: 'retry' }];
    const outcomes = [{ step: 'install', host: 'web2', attempt: 1, exitCode: 1 }];

    const run = await steered(
      { rollout: { ...up({ onRolloutFailure: 'undo' }), onFailure: 'ask' }, script: { answers, outcomes } },
      admitAll,
    );

    expect(told(run).filter((each) => each.startsWith('ready'))).toEqual([
      'ready 1/3: 1',
      'ready 2/3: 1',
      'ready 1/3: 1',
      'ready 2/3: 1',
      'ready 3/3: 2',
    ]);
    expect(run.played.result?.outcome).toBe('succeeded');
  });

  test('is the same wherever it is entered again', async () => {
    const whole = await steered({ rollout: up() }, admitAll);

    for (let suspended = 1; suspended <= 25; suspended += 1) {
      const run = await steered({ rollout: up(), suspendAt: (checkpoint) => checkpoint === suspended }, admitAll);

      expect([effectsOf(run.played), run.played.result?.outcome]).toEqual([effectsOf(whole.played), 'succeeded']);
      expect(new Set(run.reports.map(({ id }) => id))).toEqual(new Set(whole.reports.map(({ id }) => id)));
    }
  });

  test('does not ask for the rollouts of its child runs, nor when it is only checked', async () => {
    const child = {
      ...common('sub', 'runbook'),
      kind: 'runbook' as const,
      program: program([up()]),
      with: {},
      undoable: true,
    };
    const asked: RunReport[] = [];
    const steeredBy = (report: RunReport): readonly Control[] => {
      asked.push(report);
      return [];
    };

    const played = await play([child], { hostCount: 2, steeredBy });
    const checked = await play([up()], { hostCount: 2, steeredBy, check: true });

    expect([played.result?.outcome, checked.result?.outcome]).toEqual(['succeeded', 'checked']);
    expect(asked).toEqual([]);
  });
});
