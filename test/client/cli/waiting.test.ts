import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writePlanFile } from '../../../client/cli/plan-file';
import type { RunView } from '../../../client/engine';
import type { AnyJournalEntry } from '../../../workflows/domain/journal';
import { testApi } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { testCli } from '../../support/client/cli';
import type { TestCli } from '../../support/client/cli';
import { fakeEngine } from '../../support/client/fake-engine';
import type { FakeEngine } from '../../support/client/fake-engine';
import { runCreated, runEnded } from '../../support/client/journal';
import { planBundle } from '../../support/client/plan';
import { runRow, runView } from '../../support/client/run-view';

let folder: string;
let planFile: string;
let api: TestApi;
let cli: TestCli;
let engine: FakeEngine;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-waiting-'));
  planFile = join(folder, 'plan.json');
  await writePlanFile(planFile, planBundle());
});

afterEach(async () => {
  await cli.close();
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(change: Partial<RunView>, ...more: readonly AnyJournalEntry[]): Promise<void> {
  engine = fakeEngine({ runs: [runRow()], views: [runView(change)] });
  api = await testApi(engine);
  cli = await testCli(api);
  await api.store.journal.append('run/rabcdefghijkl', [runCreated(), ...more]);
}

test.each([
  [{ outcome: 'succeeded' as const }, [], 0],
  [{ outcome: 'checked' as const }, [], 0],
  [{ outcome: 'failed' as const }, [], 1],
  [{ outcome: 'undone' as const }, [], 1],
  [{ outcome: 'cancelled' as const }, [], 1],
  [{ outcome: 'succeeded' as const, degraded: true }, [], 1],
  [{ outcome: 'succeeded' as const, degraded: true }, ['--accept-degraded'], 0],
])('run --wait of a run that ends as %j with %j exits with %i', async (change, options, expected) => {
  await start(change, runEnded());

  const { exitCode, stdout } = await cli.run('run', planFile, '--wait', '--json', ...options);

  expect(exitCode).toBe(expected);
  expect(JSON.parse(stdout)).toMatchObject({ id: 'rabcdefghijkl', ...change });
});

test('run --wait writes progress to standard error only', async () => {
  await start({}, runEnded());

  const { stdout, stderr } = await cli.run('run', planFile, '--wait');

  expect(stderr).toContain('run succeeded');
  expect(stdout).toMatch(/^Run 12 {2}nginx-upgrade/);
});

test('run --wait lets go of the run on Ctrl-C, and says how to look at it', async () => {
  await start({});

  const running = cli.run('run', planFile, '--wait');
  while (engine.started.length === 0) await new Promise((resolve) => setImmediate(resolve));
  cli.interrupt();
  const { exitCode, stderr } = await running;

  expect(exitCode).toBe(1);
  expect(stderr).toContain('Detached; the run goes on. Look: mainstay show 12   End it: mainstay cancel 12');
});

test('run --expect starts the expected plan, and nothing else', async () => {
  await start({});
  const other = join(folder, 'other.json');
  await writePlanFile(other, planBundle('other'));

  const same = await cli.run('run', planFile, '--expect', planBundle().plan.planHash);
  const changed = await cli.run('run', planFile, '--expect', other);

  expect(same.exitCode).toBe(0);
  expect(changed.exitCode).toBe(1);
  expect(changed.stderr).toContain('PLAN_CHANGED');
  expect(changed.stderr).toContain('"other"');
  expect(engine.started).toHaveLength(1);
});

test('diff tells what is material and differs, and exits with 1 if anything does', async () => {
  await start({});
  const other = join(folder, 'other.json');
  await writePlanFile(other, planBundle('other'));

  expect(await cli.run('diff', planFile, planFile)).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await cli.run('diff', planFile, other)).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('"other"'),
  });
});
