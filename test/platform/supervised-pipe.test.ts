import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { childEnvironment } from '../../platform/config';
import { SupervisedChild } from '../../platform/supervision';

/** Tells what becomes of its standard input, and minds no signal that can be minded. */
const listening = `
  process.on('SIGTERM', () => undefined);
  process.stdin.on('end', () => { console.log('pipe closed'); process.exit(0); }).resume();
  console.log(JSON.stringify({ ready: true }));
  setTimeout(() => console.log('still here'), 200);
`;

// D15: the pipe is all that a child has of its supervisor. Were it no pipe, a killed supervisor would leave its children behind.
test('a child has a pipe as standard input that is open while it is supervised, and is closed to end it (D15)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-pipe-'));
  const logFile = join(folder, 'child.log');
  const launch = { command: process.execPath, args: ['-e', listening], env: childEnvironment({}) };
  const spec = { name: 'worker', logFile, stopGraceMs: 20_000, readyTimeoutMs: 10_000 };
  const child = new SupervisedChild({ ...spec, launch: () => Promise.resolve(launch) }, () => undefined);

  await child.start();
  while (!(await readFile(logFile, 'utf8')).includes('\n')) await new Promise(setImmediate);
  const before = await readFile(logFile, 'utf8');
  await child.stop();

  const after = await readFile(logFile, 'utf8');
  await rm(folder, { recursive: true });
  expect(before).toBe('still here\n');
  expect(after).toBe('still here\npipe closed\n');
});
