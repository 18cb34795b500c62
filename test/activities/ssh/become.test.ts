import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { OperationContext } from '../../../activities/connector';
import { become } from '../../../activities/ssh/become';
import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { Bench, eventually, hostAt, perform, targetHost } from './support';

const asRoot = process.getuid?.() === 0;
const possible = asRoot && existsSync('/usr/bin/sudo') && existsSync('/usr/sbin/sshd');
const describeSudo = possible ? describe : describe.skip;

describe('become()', () => {
  const host = { name: 'h', address: 'a', port: 22, user: 'anna', hostKey: 'k', home: '/' };

  test.each([
    ['the login user stays', {}, 'exec sh', ''],
    ['the login user by name stays', { as: 'anna' }, 'exec sh', ''],
    ['sudo never asks', { as: 'root' }, `exec sudo -n -H -u 'root' -- sh`, ''],
    [
      'sudo reads the password before the launcher',
      { as: 'root', become: { method: 'sudo', passwordValue: 'pw' } as const },
      `exec sudo -S -p '' -H -u 'root' -- sh -c 'while IFS= read -r m_line; do case $m_line in "#program") exec "$@";; esac; done' mainstay sh`,
      'pw\n#program\n',
    ],
    ['doas never asks', { as: 'root', become: { method: 'doas' } as const }, `exec doas -n -u 'root' sh`, ''],
    ['a name cannot become an option or a command', { as: '-u x; id' }, `exec sudo -n -H -u '-u x; id' -- sh`, ''],
  ])('%s', (_what, more, command, stdinPrefix) => {
    expect(become({ ...targetHost(host), ...more }, 'sh')).toEqual({ command, stdinPrefix });
  });

  test('a host that says none refuses', () => {
    expect(() => become({ ...targetHost(host), as: 'root', become: { method: 'none' } }, 'sh')).toThrow(
      'Cannot become "root" on "h"',
    );
  });
});

describeSudo('sudo around the launcher (D3; needs root, sudo and sshd)', () => {
  let fleet: Fleet;
  let bench: Bench;
  const sudoers = `/etc/sudoers.d/mainstay-test-${process.pid}`;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 1 });
    bench = new Bench(fleet);
  });
  afterAll(async () => {
    await rm(sudoers, { force: true });
    await bench.close();
    await fleet.stop();
  });

  const allow = (rule: string): Promise<void> =>
    writeFile(sudoers, `${hostAt(fleet, 0).user} ALL=(ALL) ${rule}\n`, { mode: 0o440 });
  const context = (path: string, passwordValue?: string): OperationContext => {
    const jobDir = join(hostAt(fleet, 0).home, 'jobs-of-root');
    const method = { method: 'sudo' as const, ...(passwordValue === undefined ? {} : { passwordValue }) };
    return bench.context(hostAt(fleet, 0), { path, host: { as: 'root', jobDir, become: method } });
  };

  test('is refused in words of its own where sudo would ask', async () => {
    const result = await perform(bench.worker(), 'exec', {
      input: { command: ['id', '-u'] },
      context: context('refused'),
    });

    expect([result.status, result.error?.code]).toEqual(['failed', 'SSH_BECOME_REFUSED']);
  });

  test('runs the command as the other user, with that home', async () => {
    await allow('NOPASSWD: ALL');

    const result = await perform(bench.worker(), 'run', {
      input: { script: 'id -un; echo "$HOME"; cat', env: { A: 'b' }, stdin: 'in' },
      context: context('root'),
    });

    expect([result.status, result.result['stdout']]).toEqual(['succeeded', 'root\n/root\nin']);
  });

  test('sudo decides anew for each job, also over a connection that stands', async () => {
    await allow('NOPASSWD: ALL');
    const worker = bench.worker();
    const call = async (path: string): Promise<string> => {
      const { status, error } = await perform(worker, 'exec', { input: { command: ['true'] }, context: context(path) });
      return error?.code ?? status;
    };
    const before = await call('allowed');
    await rm(sudoers, { force: true });

    expect([before, await call('no-longer')]).toEqual(['succeeded', 'SSH_BECOME_REFUSED']);
  });

  test('a job of the other user can be cancelled, with its children', async () => {
    await allow('NOPASSWD: ALL');
    const file = join(hostAt(fleet, 0).home, 'pid');
    const watched = perform(bench.worker(), 'run', {
      input: { script: `sleep 300 & echo $! >${file}; wait` },
      context: context('cancelled'),
    });
    await eventually(async () => (await readFile(file, 'utf8')).includes('\n'));

    const verdict = await bench.worker().operations['run']?.cancel?.({}, { ...context('cancelled'), graceMs: 1_000 });

    expect([verdict, (await watched).error?.code]).toEqual(['cancelled', 'JOB_CANCELLED']);
    const child = (await readFile(file, 'utf8')).trim();
    expect(await readFile(`/proc/${child}/stat`, 'utf8').catch(() => 'gone')).toMatch(/^gone$|\) Z /);
  });

  test('a password that sudo asks for, or does not ask for, never reaches the command', async () => {
    const { user } = hostAt(fleet, 0);
    const call = (path: string, password: string): ReturnType<typeof perform> =>
      perform(bench.worker(), 'run', { input: { script: 'id -un; cat' }, context: context(path, password) });
    execFileSync('chpasswd', { input: `${user}:pw-of-the-test\n` });
    try {
      await allow('PASSWD: ALL');
      expect((await call('asked', 'pw-of-the-test')).result['stdout']).toBe('root');
      expect((await call('wrong', 'other')).error?.code).toBe('SSH_BECOME_REFUSED');
      await allow('NOPASSWD: ALL');
      expect((await call('unasked', 'pw-of-the-test')).result['stdout']).toBe('root');
    } finally {
      execFileSync('usermod', ['-p', '*', user]);
    }
  });
});
