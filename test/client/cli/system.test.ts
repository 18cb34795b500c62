import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareDataDirectory } from '../../../platform/data-directory';
import { writeEndpoint } from '../../../platform/endpoint';
import { freePort } from '../../../platform/free-port';
import { testCli } from '../../support/client/cli';
import type { TestCli } from '../../support/client/cli';

let folder: string;
let cli: TestCli;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-system-'));
  cli = await testCli(null);
});

afterEach(async () => {
  await cli.close();
  await rm(folder, { recursive: true, force: true });
});

describe('mainstay status', () => {
  test('says that nothing runs, and exits with 1', async () => {
    const ran = await cli.run('status', '--data', folder);

    expect(ran).toMatchObject({ exitCode: 1, stdout: `nothing runs in ${folder}` });
    expect(ran.stderr).toContain('Start it with "mainstay up"');
  });

  test('tells part by part what is down', async () => {
    const paths = await prepareDataDirectory(folder);
    const api = createServer((_request, response) => {
      response.end(JSON.stringify({ store: 'libsql', workers: 0, openRuns: 2, openTasks: 1 }));
    });
    const port = await freePort();
    await new Promise<void>((listening) => api.listen(port, '127.0.0.1', listening));
    const address = `127.0.0.1:${String(await freePort())}`;
    await writeEndpoint(paths, {
      url: `http://127.0.0.1:${String(port)}`,
      startedAt: '2026-01-01T00:00:00.000Z',
      temporal: { address, namespace: 'mainstay', embedded: true },
      children: { worker: { pid: null, state: 'waiting', restarts: 4 } },
    });

    const ran = await cli.run('status', '--data', folder, '--json');
    api.close();
    api.closeAllConnections();

    expect(ran.exitCode).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      running: false,
      openRuns: 2,
      openTasks: 1,
      parts: [
        { name: 'server', up: false, detail: address },
        { name: 'worker', up: false, pid: null, restarts: 4, detail: '0 take tasks' },
        { name: 'api', up: true },
      ],
    });
  });
});

test('mainstay doctor --json lists findings with verdict and advice', async () => {
  const { stdout } = await cli.run('doctor', '--data', folder, '--json');

  const names = [...stdout.matchAll(/"name": "([^"]+)"/g)].map((match) => match[1]);
  expect(names).toEqual(
    expect.arrayContaining(['node', 'platform', 'build', 'configuration', 'temporal', 'disk', 'store', 'engine']),
  );
});

test.each(['http', '-1', '70000', '7380x'])('mainstay up --port %s is a misuse', async (port) => {
  const ran = await cli.run('up', '--data', folder, `--port=${port}`);

  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toContain(`Cannot use port "${port}"`);
});
