import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

import { z } from 'zod';

import type { BackupPlace } from './backup-plan';

const execute = promisify(execFile);
const Snapshots = z.array(z.object({ id: z.string() }));

interface Expected {
  /** What the engine says is in the repository. */
  readonly known: readonly string[];
  readonly passwordFile: string;
}

/** Everything that should not be, in words: sets too many or too few, damage, locks, folders, networks, processes. */
export async function inspectPlaces(place: BackupPlace, { known, passwordFile }: Expected): Promise<readonly string[]> {
  const { repository, places } = place;
  if (known.length === 0 && !existsSync(repository)) return [`nothing was backed up to ${repository}`];
  const restic = async (...args: readonly string[]): Promise<string> =>
    (await execute('restic', ['-r', repository, '--password-file', passwordFile, '--no-cache', ...args])).stdout;
  const there = Snapshots.parse(JSON.parse(await restic('snapshots', '--json', '--no-lock'))).map(({ id }) => id);
  const locks = (await restic('list', 'locks', '--no-lock')).split('\n').filter((line) => line !== '');
  const damage = await restic('check', '--read-data').then(
    () => [],
    (error: unknown) => [`${repository} is damaged: ${String(error)}`],
  );
  const folders = existsSync(places) ? await readdir(places) : [];
  const networks = (await execute('ip', ['netns', 'list'])).stdout
    .split('\n')
    .filter((line) => line.startsWith('ms-b'));
  const processes = (await execute('ps', ['-eo', 'pid,args'])).stdout
    .split('\n')
    .filter((line) => line.includes(places));
  return [
    ...there.filter((id) => !known.includes(id)).map((id) => `nobody knows the set ${id} in ${repository}`),
    ...known.filter((id) => !there.includes(id)).map((id) => `the set ${id} is not in ${repository}`),
    ...locks.map((id) => `lock ${id} in ${repository}`),
    ...damage,
    ...folders.map((name) => `folder ${name} in ${places}`),
    ...networks.map((name) => `network ${name}`),
    ...processes.map((line) => `process ${line.trim()}`),
  ];
}
