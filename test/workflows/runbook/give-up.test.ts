import { runbookProcedure } from '../../../workflows/runbook/interpret';
import { fakeRun } from './fake-effects';
import { task, undoOf } from './plans';
import { effectsOf, play } from './play';

const worker = { on: 'worker' } as const;

// D13: after an undo that could not be done, undoing what is older could do harm that nobody has looked at.
test('when the undo of the run is given up, nothing older is undone and the locks stay (D13)', async () => {
  const change = (id: string) => task(id, { undo: undoOf(id, 'success', worker) });
  const steps = [change('older'), change('newer'), task('broken')];

  const played = await play(steps, {
    program: { onFailure: 'undo', locks: ['service/shop'] },
    script: {
      outcomes: [
        { step: 'broken', fail: 'BROKEN' },
        { step: 'newer', phase: 'undo', fail: 'STUCK' },
      ],
      answers: [{ task: 'undo-failed', by: 'user/anna', choose: 'give-up' }],
    },
  });

  expect(played.result?.outcome).toBe('undo-failed');
  expect(effectsOf(played).filter((effect) => effect.startsWith('older'))).toEqual(['older do']);
  expect(played.state.locks).toEqual([{ path: 'run', names: ['service/shop'] }]);
});

// D14: what a resume enters with is stored by the run itself, as the last thing before it says that it has ended.
test('a run stores its final state before it says that it has ended, and its result names it (D14)', async () => {
  const run = fakeRun({}, { steps: [task('one')] });
  const saved: { readonly digest: string; readonly askedBefore: number }[] = [];
  const effects = {
    ...run.effects,
    lookUp: (async (question, asked) => {
      const answer = await run.effects.lookUp(question, asked);
      if ('digest' in answer) saved.push({ digest: answer.digest, askedBefore: run.asked.length });
      return answer;
    }) satisfies typeof run.effects.lookUp,
  };

  const result = await runbookProcedure(run.input, run.state, effects);

  const last = saved.at(-1);
  expect(result.stateDigest).toBe(last?.digest);
  expect(last?.askedBefore).toBeLessThanOrEqual(run.asked.indexOf('record run.ended'));
  expect(await run.effects.lookUp('loadState', { digest: result.stateDigest })).toMatchObject({
    state: { stage: 'closed', outcome: 'succeeded' },
  });
});
