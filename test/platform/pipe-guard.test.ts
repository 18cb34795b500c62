import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import { findProgram } from '../../platform/program';
import { readConfig } from '../../platform/config';
import { guardedByPipe } from '../../platform/pipe-guard';
import { processIdentity } from '../../platform/process-identity';
import type { ProcessIdentity } from '../../platform/process-identity';
import { startProgram } from '../support/child-process';
import { waitUntilGone } from '../support/gone';

const shells: readonly (readonly [string, readonly string[]])[] = [
  ['sh', []],
  ['dash', []],
  ['bash', []],
  ['busybox', ['sh']],
];

describe.each(shells)('a program under the pipe guard, in %s', (shell, applet) => {
  const { args } = guardedByPipe('sleep', ['1000'], 1);

  test('is the very process that was started, and ends when the pipe closes (D15)', async () => {
    const path = await shellPath(shell);
    if (path === null) return skipped(shell);
    const child = spawn(path, [...applet, ...args], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
    const identity = await identityOf(child);

    child.stdin.end();

    expect(await ending(child)).toBe('SIGTERM');
    await waitUntilGone(identity);
  });

  test('ends by force when it does not listen (D15)', async () => {
    const path = await shellPath(shell);
    if (path === null) return skipped(shell);
    const deaf = guardedByPipe(process.execPath, ['-e', deafProgram], 1);
    const child = spawn(path, [...applet, ...deaf.args], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    await new Promise((resolve) => child.stdout.once('data', resolve));

    child.stdin.end();

    expect(await ending(child)).toBe('SIGKILL');
  });

  test('keeps its own exit code', async () => {
    const path = await shellPath(shell);
    if (path === null) return skipped(shell);
    const { args: exitArgs } = guardedByPipe('sh', ['-c', 'exit 7'], 1);
    const child = spawn(path, [...applet, ...exitArgs], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });

    expect(await ending(child)).toBe(7);
    child.stdin.end();
  });
});

test('kill -9 of the parent leaves nothing behind (D15)', async () => {
  const { command, args } = guardedByPipe('sleep', ['1000'], 1);
  const parent = startProgram(parentProgram, [JSON.stringify([command, args])]);
  const identity = await processIdentity(Number(await parent.line));
  if (identity === null) throw new Error('the program did not start');

  parent.process.kill('SIGKILL');
  await parent.ended;

  await waitUntilGone(identity);
});

const deafProgram = `process.on('SIGTERM', () => undefined); console.log('ready'); setInterval(() => undefined, 1000);`;

const parentProgram = `
  const [command, args] = JSON.parse(process.argv[1]);
  const child = require('node:child_process').spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  console.log(child.pid);
  setInterval(() => undefined, 1000);
`;

function shellPath(shell: string): Promise<string | null> {
  return findProgram(shell, readConfig().places.path);
}

function skipped(shell: string): void {
  process.stderr.write(`not tried: there is no ${shell} here\n`);
}

async function identityOf(child: ChildProcess): Promise<ProcessIdentity> {
  const identity = await processIdentity(child.pid ?? 0);
  if (identity === null) throw new Error('the program did not start');
  return identity;
}

function ending(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}
