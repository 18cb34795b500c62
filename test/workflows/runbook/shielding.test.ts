import { runbookProcedure } from '../../../workflows/runbook/interpret';
import type { Program, RunbookStep } from '../../../workflows/runbook/plan';
import { program } from '../../support/program';
import { approval, body, common, rollout, task, undoOf } from './plans';
import { fakeRun, replied } from './fake-effects';
import type { FakeWorld } from './fake-effects';

const worker = { on: 'worker' } as const;

/** Everything succeeds going forward, but for the step `broken`. */
const breaking: FakeWorld = {
  perform({ request }) {
    const broken = request.path.endsWith('broken') && request.phase === 'do';
    return replied((broken ? 'f' : 's').repeat(request.hosts?.indices.length ?? 1));
  },
};

async function asked(over: Partial<Program>, world: FakeWorld = breaking): Promise<readonly string[]> {
  const run = fakeRun(world, over);
  await runbookProcedure({ ...run.input, targetCounts: { web: 2 } }, run.state, run.effects);
  return run.asked;
}

function performed(list: readonly string[]): readonly string[] {
  return list.filter((each) => /perform|startRun/.test(each));
}

// D2, D13: what a cancel could cut off half way would be neither the old state nor the new one.
describe('what goes back or cleans up is shielded (D2)', () => {
  test('the undo of the whole run, and `finally`', async () => {
    const steps = [task('change', { undo: undoOf('change', 'success', worker) }), task('broken')];

    const list = await asked({ steps, onFailure: 'undo', finally: [task('notify')] });

    expect(performed(list)).toEqual([
      'perform change do',
      'perform broken do',
      'shielded perform change undo',
      'shielded perform finally/notify do',
    ]);
  });

  test('the undo that a rollout does by its own policy', async () => {
    const steps = [
      rollout('up', [body('change', { undo: undoOf('change') }), body('broken')], { onRolloutFailure: 'undo' }),
    ];

    expect(performed(await asked({ steps }))).toEqual([
      'perform up/host:*/change do',
      'perform up/host:*/broken do',
      'shielded perform up/host:*/change undo',
    ]);
  });

  test('the undo of a failed host', async () => {
    const steps = [
      rollout('up', [body('change', { undo: undoOf('change') }), body('broken')], {
        onHostFailure: 'undo',
        maxFailures: { count: 2 },
      }),
    ];

    expect(performed(await asked({ steps }))).toContain('shielded perform up/host:*/change undo');
  });

  test('the undo of a child run', async () => {
    const child: RunbookStep = {
      ...common('sub', 'runbook'),
      kind: 'runbook',
      program: program([]),
      with: {},
      undoable: true,
    };

    const list = performed(await asked({ steps: [child, task('broken')], onFailure: 'undo' }));

    expect(list.at(-1)).toMatch(/^shielded startRun .* undo$/);
  });
});

// D4: people must find in the journal what they are asked, and a run that has ended what it ended with.
describe('what is flushed (D4)', () => {
  test('a task, before anybody is waited for', async () => {
    const run = fakeRun({}, { steps: [approval('ok')] });
    // Nobody answers: it waits for ever.
    void runbookProcedure(run.input, run.state, run.effects);
    while (!run.asked.includes('record task.opened')) await new Promise(setImmediate);
    await new Promise(setImmediate);

    const after = run.asked.slice(run.asked.indexOf('record task.opened') + 1);

    expect(after.filter((each) => each === 'flush' || each === 'wait').slice(0, 2)).toEqual(['flush', 'wait']);
  });

  test('the end of a run, before it answers', async () => {
    const list = await asked({ steps: [task('one')] });

    expect(list.slice(-2)).toEqual(['record run.ended', 'flush']);
  });
});
