import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { OperationResult } from '../../../activities/connector';
import { fleetKind, startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { Bench, hostAt, perform } from './support';

/** Mounting takes root, and in some containers even root may not. */
function canMount(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/sbin/sshd')) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    execFileSync('umount', ['/mnt']);
    return true;
  } catch {
    return false;
  }
}

(canMount() ? describe : describe.skip)('a full disk under the job root (D3; needs root and leave to mount)', () => {
  let fleet: Fleet;
  let bench: Bench;
  let disk: string;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: 1, kind: await fleetKind() });
    bench = new Bench(fleet);
    disk = join(fleet.directory, 'small');
    await mkdir(disk);
    const home = Number(execFileSync('stat', ['-c', '%u', hostAt(fleet, 0).home]).toString());
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=256k,mode=700,uid=${home}`, 'tmpfs', disk]);
    await mkdir(join(disk, 'jobs'), { mode: 0o700 });
    await chown(join(disk, 'jobs'), home, home);
  });
  afterAll(async () => {
    await bench.close();
    execFileSync('umount', ['-l', disk]);
    await fleet.stop();
  });
  afterEach(() => rm(join(disk, 'fill'), { force: true }));

  const fill = (): void => {
    execFileSync('sh', ['-c', `cat /dev/zero >"${join(disk, 'fill')}" 2>/dev/null || true`]);
  };
  const run = (path: string, script: string): Promise<OperationResult> =>
    perform(bench.worker(), 'run', {
      input: { script },
      context: bench.context(hostAt(fleet, 0), { path, host: { jobDir: join(disk, 'jobs'), jobDirVolatile: true } }),
    });
  const written = (file: string): Promise<string> =>
    readFile(join(hostAt(fleet, 0).home, file), 'utf8').catch(() => '');

  test('a job that cannot be written down is not started, and says so; with space again it runs', async () => {
    const script = 'echo once >>"$HOME/ran"';
    await run('first', 'true');
    fill();

    const refused = await run('full', script);
    await rm(join(disk, 'fill'));
    const later = await run('full', script);

    expect([refused.status, refused.error?.code]).toEqual(['failed', 'SSH_JOB_DIR_UNUSABLE']);
    expect([later.status, await written('ran')]).toEqual(['succeeded', 'once\n']);
  });

  test('a script that has no room is not started', async () => {
    const script = `echo ran >>"$HOME/long"\n: '${'x'.repeat(300_000)}'`;

    const { status, error } = await run('long', script);

    expect([status, error?.code, await written('long')]).toEqual(['failed', 'SSH_JOB_DIR_UNUSABLE', '']);
  });

  test.each([
    [0, 'succeeded'],
    [3, 'failed'],
  ])(
    'exit code %i of a command that fills the disk is known, and its lost output is no empty output',
    async (code, wanted) => {
      const filling = 'cat /dev/zero >"$(dirname "$MAINSTAY_OUTPUT")/../../fill" 2>/dev/null || true';

      const { status, result } = await run(`fills${code}`, `${filling}; echo lost; echo too >&2; exit ${code}`);

      expect([status, result['exitCode']]).toEqual([wanted, code]);
      expect([result['stdoutTruncated'], result['stderrTruncated']]).toEqual([true, true]);
    },
  );
});
