import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { testApi } from '../../../support/client/api';
import { testCli } from '../../../support/client/cli';
import { fakeEngine } from '../../../support/client/fake-engine';
import { hostEnded, runCreated, runEnded } from '../../../platform/store/entries';

const text = `apiVersion: mainstay/v1
kind: Runbook
metadata: {name: NAME, version: 1.0.0, owner: team/web}
spec:
  steps:
    - {id: install, targets: web1, exec: [install], undo: {exec: [remove], estimate: PT3S}}
---
apiVersion: mainstay/v1
kind: Inventory
metadata: {name: hosts}
spec: {hosts: [{name: web1, user: ops}]}
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-plan-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function planned(definition: string): Promise<string> {
  const file = join(folder, 'runbook.yaml');
  await writeFile(file, text.replace('NAME', definition));
  return file;
}

test('mainstay plan tells how long it takes by earlier runs of the same runbook, and by how many', async () => {
  const api = await testApi(fakeEngine());
  const cli = await testCli(api);
  await api.store.journal.append('run/r1', [
    runCreated(),
    hostEnded('web1', { durationMs: 7_000 }),
    hostEnded('web2', { durationMs: 2_000, path: 'install/host:web2' }),
    runEnded(),
  ]);
  const definition = (await api.store.views.run('r1'))?.definition.name ?? '';

  const { stdout, exitCode } = await cli.run('plan', await planned(definition));
  const json = await cli.run('plan', await planned(definition), '--json');
  await cli.close();
  await api.close();

  expect(exitCode).toBe(0);
  expect(stdout).toContain('takes      2 s, 9 times of 10 up to 7 s (from a few earlier runs)');
  expect(stdout).toContain('back-out   3 s (as the runbook says)');
  expect(JSON.parse(json.stdout)).toMatchObject({
    estimate: { forward: { source: 'few-runs', p50Ms: 2_000, p90Ms: 7_000 }, backOut: { source: 'runbook' } },
  });
});

test('mainstay plan of files needs no engine, and says what nobody can tell', async () => {
  const cli = await testCli(null);

  const { stdout, exitCode } = await cli.run('plan', await planned('unheard-of'));
  await cli.close();

  expect(exitCode).toBe(0);
  expect(stdout).toContain('takes      at least 0 s');
});

test('mainstay plan does not wait for an engine that went away', async () => {
  const api = await testApi(fakeEngine());
  const cli = await testCli(api);
  await api.close();
  await cli.close();

  const { stdout, stderr, exitCode } = await cli.run('plan', await planned('unheard-of'));

  expect(exitCode).toBe(0);
  expect(stdout).toContain('takes      at least 0 s');
  expect(stderr).toBe('Estimated without earlier runs: Cannot reach the engine: it is away');
});
