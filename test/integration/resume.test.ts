import { join } from 'node:path';

import type { Step, TaskStep } from '../../workflows/runbook/plan';
import { task } from '../activities/runtime/fixture';
import { program } from '../support/program';
import { common } from '../workflows/runbook/plans';
import { openEngine } from './engine-under-test';
import type { EngineUnderTest } from './engine-under-test';
import { startRun } from './start-run';

let engine: EngineUnderTest;
let stop: () => Promise<void>;

beforeAll(async () => {
  engine = await openEngine({ workflowsPath: join(__dirname, '../../workflows/index.ts') });
  stop = await engine.startWorker();
}, 60_000);

afterAll(async () => {
  await stop();
  await engine.close();
});

function core(id: string, name: 'core.echo' | 'core.fail'): TaskStep {
  const input = { literal: name === 'core.echo' ? { text: id } : { code: 'BROKEN', message: 'as it was told' } };
  const operation = { name, effect: 'read', light: true, input, timeoutMs: 5000 } as const;
  return task(id, { verb: 'uses', where: { on: 'worker' }, operation });
}

function child(id: string, steps: readonly Step[]): Step {
  return { ...common(id, 'runbook'), kind: 'runbook', program: program(steps), with: {}, undoable: true };
}

async function stepsOf(runId: string): Promise<readonly string[]> {
  const entries = await engine.store.journal.read(`run/${runId}`, { limit: 1000 });
  return entries.filter(({ kind }) => kind === 'step.started').map(({ key }) => key.replace('/do/step.started', ''));
}

test('a resumed run lets its child go on from the step that failed, as the same run (D7, D14)', async () => {
  const run = await startRun(engine, program([child('part', [core('one', 'core.echo'), core('two', 'core.fail')])]));
  expect(await run.result()).toMatchObject({ outcome: 'failed', error: { code: 'CHILD_FAILED' } });

  expect(await run.resume()).toMatchObject({ outcome: 'failed', error: { code: 'CHILD_FAILED' } });

  const children = await engine.store.views.runs({ parent: run.id, limit: 10 });
  expect(children).toHaveLength(1);
  expect(await stepsOf(children[0]?.id ?? '')).toEqual(['one@1', 'two@1', 'two@2']);
}, 60_000);

test('what cannot be gone to is refused, and the run has ended as it had (D14)', async () => {
  const run = await startRun(engine, program([core('one', 'core.echo'), core('two', 'core.fail')]));
  await run.result();

  const refused = await run.resume({ from: 'nowhere' });

  expect(refused).toMatchObject({ outcome: 'failed', error: { code: 'RESUME_REFUSED' } });
  expect(await engine.store.views.run(run.id)).toMatchObject({ state: 'closed', outcome: 'failed' });
  expect(await stepsOf(run.id)).toEqual(['one@1', 'two@1']);
}, 60_000);
