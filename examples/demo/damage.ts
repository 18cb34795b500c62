import { open, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startArchivedPostgres } from '../../test/support/postgres-archived';
import type { ShopDatabase } from './database';

/** What may happen to a repository, and a drill has to find out. */
export interface Damage {
  readonly of: string;
  /** It needs a backup that no drill has looked at. */
  readonly fresh: boolean;
  readonly damage: (database: ShopDatabase) => Promise<Damaged>;
}

interface Damaged {
  /** What the drill recovers to, as `--at` has it. */
  readonly at: string;
  /** The repository is as it was. */
  readonly mend: () => Promise<void>;
}

const stanza = 'shop';
const commitsMs = 1_500;

export const damages: readonly Damage[] = [
  { of: 'a repository without one segment of the log', fresh: false, damage: loseSegment },
  { of: 'a repository with one corrupted file', fresh: true, damage: corruptFile },
  { of: 'a backup of another cluster', fresh: true, damage: otherCluster },
];

/** A segment in the middle: what comes after it is there, and cannot be reached. */
async function loseSegment({ cluster, archived, nowMs }: ShopDatabase): Promise<Damaged> {
  const lost = await archived();
  await sleep(commitsMs);
  const at = new Date(await nowMs()).toISOString();
  await sleep(commitsMs);
  await archived();
  const archive = join(cluster.repository, 'archive', stanza);
  const file = (await filesBelow(archive)).find((path) => path.includes(`/${lost}-`));
  if (file === undefined) throw new Error(`Cannot lose segment ${lost}: it was not archived`);
  const away = join(cluster.directory, lost);
  await rename(file, away);
  return { at, mend: () => rename(away, file) };
}

async function corruptFile({ cluster }: ShopDatabase): Promise<Damaged> {
  const sets = join(cluster.repository, 'backup', stanza);
  const newest =
    (await readdir(sets))
      .filter((name) => /^\d{8}-\d{6}F$/.test(name))
      .toSorted()
      .at(-1) ?? '';
  const files = await Promise.all(
    (await filesBelow(join(sets, newest, 'pg_data'))).map(async (path) => ({ path, size: (await stat(path)).size })),
  );
  const largest = files.toSorted((left, right) => right.size - left.size)[0];
  if (largest === undefined) throw new Error(`Cannot corrupt the set ${newest}: it has no files`);
  const at = Math.floor(largest.size / 2);
  const mend = await overwrite(largest.path, at);
  return { at: 'latest', mend };
}

/** Flips the bits of a few bytes; answers what flips them back. */
async function overwrite(path: string, position: number): Promise<() => Promise<void>> {
  const flip = async (): Promise<void> => {
    const file = await open(path, 'r+');
    try {
      const bytes = Buffer.alloc(16);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
      const flipped = Buffer.from(bytes.subarray(0, bytesRead).map((byte) => byte ^ 0xff));
      await file.write(flipped, 0, flipped.length, position);
    } finally {
      await file.close();
    }
  };
  await flip();
  return flip;
}

/** Somebody else's cluster was backed up to where ours should be. */
async function otherCluster({ cluster }: ShopDatabase): Promise<Damaged> {
  const other = await startArchivedPostgres(stanza);
  const tool = [
    '--config',
    join(other.directory, 'pgbackrest.conf'),
    '--stanza',
    stanza,
    '--pg1-socket-path',
    other.socket,
  ];
  await other.own('pgbackrest', ...tool, 'stanza-create');
  await other.own('pgbackrest', ...tool, '--type=full', '--start-fast', 'backup');
  const away = join(cluster.directory, 'ours');
  await rename(cluster.repository, away);
  await rename(other.repository, cluster.repository);
  return {
    at: 'set',
    async mend() {
      await rename(cluster.repository, other.repository);
      await rename(away, cluster.repository);
      await other.stop();
    },
  };
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
