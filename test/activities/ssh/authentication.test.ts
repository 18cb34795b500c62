import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject } from '../../../workflows/domain/json';
import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { CuttingProxy } from './cutting-proxy';
import { Bench, eventually, hostAt, perform } from './support';
import type { ContextOptions } from './support';

const sshd = existsSync('/usr/sbin/sshd');
const withAgent = sshd && existsSync('/usr/bin/ssh-agent') ? test : test.skip;
/** Passwords of accounts can only be set, and other accounts only be logged in, by root. */
const describePassword = sshd && process.getuid?.() === 0 ? describe : describe.skip;

async function outcome(bench: Bench, fleet: Fleet, options: ContextOptions): Promise<string> {
  const { status, error, result } = await perform(bench.worker(), 'exec', {
    input: { command: ['id', '-un'] },
    context: bench.context(hostAt(fleet, 0), options),
  });
  return status === 'succeeded' ? JSON.stringify(result['stdout']) : (error?.code ?? status);
}

describe('logging in over SSH', () => {
  let fleet: Fleet;
  let bench: Bench;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 1, kind: await fleetKind() });
    bench = new Bench(fleet);
  });
  afterAll(async () => {
    await bench.close();
    await fleet.stop();
  });

  withAgent('an agent signs with the key that it holds; one that holds none is refused', async () => {
    const socket = join(fleet.directory, 'agent');
    const agent = spawn('/usr/bin/ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    const ended = new Promise((resolve) => agent.once('exit', resolve));
    try {
      await eventually(() => access(socket).then(() => true));
      const byAgent = (path: string): Promise<string> =>
        outcome(bench, fleet, { path, withoutKey: true, settings: { agent: socket } });

      const empty = await byAgent('empty');
      execFileSync('ssh-add', ['-q', fleet.keyFile], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
        stdio: 'ignore',
      });

      expect([empty, await byAgent('filled')]).toEqual(['SSH_AUTH_REJECTED', `"${hostAt(fleet, 0).user}"`]);
    } finally {
      agent.kill();
      await ended;
    }
  });

  test('an agent that does not answer is said to be the trouble', async () => {
    const settings = { agent: '/nonexistent/agent' };

    expect(await outcome(bench, fleet, { path: 'deaf', withoutKey: true, settings })).toBe('SSH_AUTH_REJECTED');
  });

  test('a host that only a certificate authority vouches for is refused, and the message says why', async () => {
    const { address, port, hostKey } = hostAt(fleet, 0);
    const knownHosts = join(fleet.directory, 'authorities');
    await writeFile(knownHosts, `@cert-authority [${address}]:${port} ${hostKey}\n`);

    const { error } = await perform(bench.worker(), 'exec', {
      input: { command: ['true'] },
      context: bench.context(hostAt(fleet, 0), { path: 'authority', keyless: true, settings: { knownHosts } }),
    });

    expect(error?.code).toBe('SSH_HOST_KEY_UNKNOWN');
    expect(error?.message).toContain('only a certificate authority is known, which is not used');
  });

  test('a connection that went silent is given up, and the job is found over another one', async () => {
    const proxy = new CuttingProxy(hostAt(fleet, 0));
    const host = await proxy.start(() => null);
    const login = {
      homeDirectory: fleet.directory,
      agentSocket: undefined,
      acceptedKeysFile: join(fleet.directory, 'accepted'),
      keepaliveMs: 100,
    };
    const file = join(hostAt(fleet, 0).home, 'silent');
    const watched = perform(bench.worker({ login }), 'run', {
      input: { script: 'echo once >>"$HOME/silent"; sleep 1; cat "$HOME/silent"' },
      context: bench.context(host, { path: 'silent' }),
    });
    await eventually(() => access(file).then(() => true));

    proxy.silence();
    const { status, result } = await watched;
    await proxy.stop();

    expect([status, result['stdout'], proxy.connections]).toEqual(['succeeded', 'once', 2]);
  });
});

describePassword('logging in with a password (needs root and sshd)', () => {
  const user = `mainstay-pw-${process.pid}`;
  const password = 'pw of the test';
  const jobDir = join(tmpdir(), user, 'jobs');
  const login = (path: string, settings: JsonObject): ContextOptions => ({
    path,
    withoutKey: true,
    settings,
    host: { user, jobDir },
  });

  beforeAll(() => {
    execFileSync('useradd', ['-M', '-d', '/nonexistent', '-s', '/bin/sh', user]);
    execFileSync('chpasswd', { input: `${user}:${password}\n` });
  });
  afterAll(async () => {
    execFileSync('userdel', [user], { stdio: 'ignore' });
    await rm(join(tmpdir(), user), { recursive: true, force: true });
  });

  test.each([
    ['as a password', ['PasswordAuthentication yes', 'KbdInteractiveAuthentication no']],
    ['as the answer to a question', ['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes']],
  ])('%s', async (_how, options) => {
    const fleet = await startFleet({ hosts: 1, sshdOptions: [...options, 'PubkeyAuthentication no'] });
    const bench = new Bench(fleet);
    try {
      const right = await outcome(bench, fleet, login('right', { password }));
      const wrong = await outcome(bench, fleet, login('wrong', { password: 'another' }));

      expect([right, wrong]).toEqual([`"${user}"`, 'SSH_AUTH_REJECTED']);
    } finally {
      await bench.close();
      await fleet.stop();
    }
  });
});
