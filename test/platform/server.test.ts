import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareDataDirectory } from '../../platform/data-directory';
import type { DataPaths } from '../../platform/data-directory';
import { endStaleServer, readServer, recordServer, serverCommand } from '../../platform/server';
import { startProgram } from '../support/child-process';
import type { SmallProgram } from '../support/child-process';

const record = { address: '127.0.0.1:7233', serverVersion: '1.31.2' };
const anyServer = `console.log('up'); setInterval(() => 1, 1000)`;

let directory: string;
let paths: DataPaths;
let server: SmallProgram;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mainstay-server-'));
  paths = await prepareDataDirectory(directory);
  server = startProgram(anyServer);
  await server.line;
});

afterEach(async () => {
  server.process.kill('SIGKILL');
  await server.ended;
  await rm(directory, { recursive: true, force: true });
});

describe('endStaleServer()', () => {
  test('ends the server that an earlier owner left (D15)', async () => {
    await recordServer(paths, server.pid, record);
    const before = await readServer(paths);

    expect(await endStaleServer(paths)).toBe('ended');

    expect(before).toMatchObject({ pid: server.pid, ...record });
    expect(await server.ended).toBe('SIGTERM');
    expect(await readServer(paths)).toBeNull();
  });

  test('leaves a stranger alone that has the same process number (D15)', async () => {
    await recordServer(paths, server.pid, record);
    const text = await readFile(paths.server, 'utf8');
    await writeFile(paths.server, text.replace(/"startTime": "[^"]*"/, '"startTime": "1"'));

    expect(await endStaleServer(paths)).toBe('none');

    expect(server.process.exitCode).toBeNull();
  });

  test.each(['', '{', '{"pid": "all"}', '[]'])('finds nothing in a record that says %j', async (text) => {
    await writeFile(paths.server, text);

    expect(await endStaleServer(paths)).toBe('none');
  });
});

test('serverCommand() binds to loopback, keeps every write, and lifts the poll rates', () => {
  const { args } = serverCommand({
    binary: 'temporal',
    port: 7233,
    namespace: 'mainstay',
    database: '/d/t.db',
    synchronous: 'FULL',
  });

  expect(args.slice(args.indexOf('temporal'))).toMatchInlineSnapshot(`
   [
     "temporal",
     "server",
     "start-dev",
     "--headless",
     "--ip",
     "127.0.0.1",
     "--port",
     "7233",
     "--namespace",
     "mainstay",
     "--log-level",
     "error",
     "--log-format",
     "json",
     "--db-filename",
     "/d/t.db",
     "--sqlite-pragma",
     "journal_mode=WAL",
     "--sqlite-pragma",
     "synchronous=FULL",
     "--dynamic-config-value",
     "history.transferProcessorMaxPollRPS=5000",
     "--dynamic-config-value",
     "history.transferProcessorMaxPollHostRPS=20000",
     "--dynamic-config-value",
     "history.timerProcessorMaxPollRPS=5000",
     "--dynamic-config-value",
     "system.enableActivityEagerExecution=true",
     "--dynamic-config-value",
     "limit.maxIDLength=255",
   ]
  `);
});
