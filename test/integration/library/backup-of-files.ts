import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { JsonObject } from '../../../workflows/domain/json';
import { isObject } from '../../../workflows/domain/json-values';
import { openBackups, textAt } from './backup-stage';
import type { BackupStage, Place } from './backup-stage';

/** A provider with a source and two backups of it: `b1`, then `b2` of one file that has grown. */
export interface FileBackups {
  readonly stage: BackupStage;
  readonly source: string;
  readonly repository: string;
  /** What every role is given. */
  readonly base: JsonObject;
  /** What a plan says of its files under `with`. */
  readonly files: JsonObject;
  readonly first: JsonObject;
  readonly second: JsonObject;
  readonly role: (name: string, inputs?: JsonObject) => Promise<JsonObject>;
  /** A place with what was restored of a set. */
  readonly restored: (set: JsonObject, label: string) => Promise<Place>;
  readonly asserted: (place: Place, set: JsonObject, assertions?: readonly JsonObject[]) => Promise<JsonObject>;
  readonly verified: (set: JsonObject, inputs: JsonObject) => Promise<JsonObject>;
}

export const heartbeat = 1_700_000_000_000;

export async function openFileBackups(provider: string): Promise<FileBackups> {
  const stage = await openBackups();
  try {
    return await backedUp(provider, stage);
  } catch (error) {
    await stage.close();
    throw error;
  }
}

async function backedUp(provider: string, stage: BackupStage): Promise<FileBackups> {
  const source = join(stage.directory, 'srv');
  const repository = join(stage.directory, 'repository');
  await writeSource(source);
  await writeFile(join(stage.directory, 'password'), 'only for tests');
  const password = `file:${join(stage.directory, 'password')}`;
  const base = { service: 'shop', repository, password, source: [source] };
  const heartbeatFile = join(source, 'heartbeat');
  const files = { heartbeatFile, identityFile: join(source, 'identity'), volatile: [join(source, 'log')] };
  const role = (name: string, inputs: JsonObject = {}): Promise<JsonObject> =>
    stage.role(`${provider}/${name}`, { ...base, ...inputs });
  await role('preflight', { initialise: true });
  const first = await role('backup', { ...files, kind: 'full', label: 'b1' });
  await appendFile(join(source, 'data', 'one'), 'more');
  const second = await role('backup', { ...files, kind: 'full', label: 'b2' });
  return {
    stage,
    source,
    repository,
    base,
    files,
    first,
    second,
    role,
    async restored(set, label) {
      const place = await stage.place(label);
      const outcome = await role('restore', { ...place, set: textAt(set, 'setId'), targetMs: 0 });
      if (outcome['restored'] !== true) throw new Error(JSON.stringify(outcome));
      return place;
    },
    asserted(place, set, assertions = []) {
      const { service, source: paths } = base;
      const { manifest } = set;
      if (manifest === undefined || !isObject(manifest)) throw new Error('Cannot assert: there is no manifest');
      const given = { manifest, atManifest: true, fromLevel: 'V3', assertions };
      return stage.role(`${provider}/assert`, { service, source: paths, ...place, ...files, ...given });
    },
    verified: (set, inputs) => role('verify', { set: textAt(set, 'setId'), readPercent: 100, seed: 7, ...inputs }),
  };
}

async function writeSource(source: string): Promise<void> {
  await mkdir(join(source, 'data'), { recursive: true });
  // What cannot be compressed, so that contents are far more than what a tool keeps besides.
  for (const name of ['one', 'two words']) await writeFile(join(source, 'data', name), randomBytes(60_000));
  await writeFile(join(source, 'data', 'three'), 'three '.repeat(9000));
  await writeFile(join(source, 'identity'), 'system 1\n');
  await writeFile(join(source, 'heartbeat'), `${heartbeat}\n`);
  await writeFile(join(source, 'log'), 'line\n');
  await symlink('data/one', join(source, 'link'));
}

/** What lies in a folder, by name and content; links by where they lead. */
export async function contents(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.sort().map(async (file) => [file.slice(folder.length), await readFile(file, 'base64')] as const);
  return Object.fromEntries(await Promise.all(read));
}
