import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findProgram } from '../../support/component';
import { everyFileProvider } from './backup-files-provider';
import { openFileBackups } from './backup-of-files';
import type { FileBackups } from './backup-of-files';
import { listAt, textAt } from './backup-stage';

let backups: FileBackups;
let borg: string;

jest.setTimeout(60_000);

beforeAll(async () => {
  borg = findProgram('borg', 'borgbackup');
  findProgram('jq', 'jq');
  backups = await openFileBackups('borg');
}, 60_000);

afterAll(() => backups.stage.close());

test('a wrong password is the fault of the surroundings: nothing is said about the backup (R-DRILL-5)', async () => {
  const wrong = join(backups.stage.directory, 'wrong');
  await writeFile(wrong, 'not this one');

  await expect(backups.verified(backups.first, { level: 'V1', password: `file:${wrong}` })).rejects.toThrow(
    'is incorrect',
  );
});

test('a lock is broken only when its holder is proven gone (R-BKP-12)', async () => {
  const { role, repository } = backups;
  const env = { ...process.env, BORG_REPO: repository, BORG_PASSPHRASE: 'only for tests' };
  // The command that it holds its lock for says when it begins.
  const holder = spawn(borg, ['with-lock', '::', 'sh', '-c', 'echo; exec sleep 100'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const gone = once(holder, 'exit');
  await once(holder.stdout, 'data');

  const alive = listAt(await role('preflight'), 'locks');
  const kept = await role('unlock', { locks: alive.map(({ id }) => id ?? '') });
  process.kill(-(holder.pid ?? 0), 'SIGKILL');
  await gone;
  const stale = listAt(await role('preflight'), 'locks');
  const broken = await role('unlock', { locks: stale.map(({ id }) => id ?? '') });

  expect(alive.map(({ pid, holder: state }) => [pid, state])).toEqual([[holder.pid, 'alive']]);
  expect(kept['broken']).toEqual([]);
  expect(stale.map(({ holder: state }) => state)).toEqual(['gone']);
  expect(broken['broken']).toEqual(stale.map(({ id }) => id));
  expect(existsSync(join(repository, 'lock.exclusive'))).toBe(false);
});

test('a copy offsite is looked at there, and a folder of something else is refused', async () => {
  const { role, verified, stage, first, source } = backups;
  const offsite = join(stage.directory, 'offsite');
  await mkdir(offsite);
  const about = { set: textAt(first, 'setId'), kind: 'full', label: 'b1' };

  const copied = await role('copy', { ...about, offsite });

  expect(copied).toEqual({ setId: first['setId'], intact: true, problems: [] });
  expect(await verified(first, { level: 'V1', repository: offsite })).toMatchObject({ intact: true });
  await expect(role('copy', { ...about, offsite: source })).rejects.toThrow('it is no copy of');
});

everyFileProvider(() => backups, { restore: /^borg extract ended with 2: .*integrity/i });
