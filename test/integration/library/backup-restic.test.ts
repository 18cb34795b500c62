import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findProgram } from '../../support/component';
import { everyFileProvider } from './backup-files-provider';
import { openFileBackups } from './backup-of-files';
import type { FileBackups } from './backup-of-files';
import { listAt, textAt } from './backup-stage';

const run = promisify(execFile);

// Restic takes half a second for its password alone, each time.
jest.setTimeout(60_000);

let backups: FileBackups;
let restic: string;

beforeAll(async () => {
  restic = findProgram('restic', 'restic');
  findProgram('jq', 'jq');
  backups = await openFileBackups('restic');
}, 90_000);

afterAll(() => backups.stage.close());

/** As a person would call the tool. */
function environment(repository: string): NodeJS.ProcessEnv {
  return { ...process.env, RESTIC_PASSWORD: 'only for tests', RESTIC_REPOSITORY: repository };
}

test('a wrong password is the fault of the surroundings: nothing is said about the backup (R-DRILL-5)', async () => {
  const wrong = join(backups.stage.directory, 'wrong');
  await writeFile(wrong, 'not this one');

  const asked = backups.verified(backups.first, { level: 'V1', password: `file:${wrong}` });

  await expect(asked).rejects.toThrow('wrong password');
});

test('a set of another service of the same paths has no label, and one of other paths is not told', async () => {
  const { role, files } = backups;
  await role('backup', {
    ...files,
    service: 'other',
    source: ['/etc/hostname'],
    heartbeatFile: '',
    identityFile: '',
    kind: 'full',
    label: 'b3',
  });

  const foreign = listAt(await role('list', { service: 'somebody' }), 'sets');

  expect(foreign.map(({ label }) => label)).toEqual(['', '']);
});

test('a lock is broken only when its holder is proven gone (R-BKP-12)', async () => {
  const { role, repository } = backups;
  // It waits for the rest of its input, with its lock.
  const holder = spawn(restic, ['backup', '--stdin', '--host', 'x'], {
    env: environment(repository),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = once(holder, 'exit');
  const locks = join(repository, 'locks');
  while ((await readdir(locks)).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));

  const alive = listAt(await role('preflight'), 'locks');
  const kept = await role('unlock', { locks: alive.map(({ id }) => id ?? '') });
  holder.kill('SIGKILL');
  await gone;
  const stale = listAt(await role('preflight'), 'locks');
  const broken = await role('unlock', { locks: stale.map(({ id }) => id ?? '') });

  expect(alive.map(({ pid, holder: state }) => [pid, state])).toEqual([[holder.pid, 'alive']]);
  expect(kept['broken']).toEqual([]);
  expect(stale.map(({ holder: state }) => state)).toEqual(['gone']);
  expect(broken['broken']).toEqual(stale.map(({ id }) => id));
  expect(await readdir(locks)).toEqual([]);
});

test('a copy offsite has an id of its own there, and is intact', async () => {
  const { role, verified, stage, first } = backups;
  const offsite = join(stage.directory, 'offsite');
  await run(restic, ['init'], { env: environment(offsite) });

  const copied = await role('copy', { offsite, set: textAt(first, 'setId'), kind: 'full', label: 'b1' });

  expect(copied).toEqual({ setId: expect.stringMatching(/^[0-9a-f]{64}$/), intact: true, problems: [] });
  expect(await verified(copied, { level: 'V1', repository: offsite })).toMatchObject({ intact: true });
});

everyFileProvider(() => backups, {
  restore: /^restic restore/,
  // The trap: it was not told to read, and says that all is well.
  async byTool(repository) {
    const { stdout } = await run(restic, ['check'], { env: environment(repository) });
    expect(stdout).toContain('no errors were found');
  },
});
