import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { Config, Places } from './config';
import { readFileIfThere } from './json-file';
import { hasCode } from './system-error';

/** Where things lie in a data directory. */
export interface DataPaths {
  readonly directory: string;
  readonly store: string;
  readonly owner: string;
  readonly ownerRecord: string;
  readonly versions: string;
  readonly server: string;
  readonly endpoint: string;
  readonly token: string;
  readonly key: string;
  readonly signingKey: string;
  readonly logs: string;
}

export function dataPaths(directory: string): DataPaths {
  const absolute = resolve(directory);
  return {
    directory: absolute,
    store: join(absolute, 'store.db'),
    owner: join(absolute, 'owner.db'),
    ownerRecord: join(absolute, 'owner.json'),
    versions: join(absolute, 'versions.json'),
    server: join(absolute, 'server.json'),
    endpoint: join(absolute, 'endpoint.json'),
    token: join(absolute, 'token'),
    key: join(absolute, 'key'),
    signingKey: join(absolute, 'signing-key.pem'),
    logs: join(absolute, 'logs'),
  };
}

/** A schema belongs to one server version: an old file may not work with a newer server. */
export function temporalDatabase(paths: DataPaths, serverVersion: string): string {
  return join(paths.directory, `temporal-${serverVersion}.db`);
}

/** Makes the directory, for its owner only, and the secrets of the installation that are not there yet. */
export async function prepareDataDirectory(directory: string): Promise<DataPaths> {
  const paths = dataPaths(directory);
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  await mkdir(paths.logs, { recursive: true, mode: 0o700 });
  await createOnce(paths.token, () => `${randomBytes(32).toString('base64url')}\n`);
  await createOnce(paths.key, () => `${randomBytes(32).toString('hex')}\n`);
  await createOnce(paths.signingKey, newSigningKey);
  return paths;
}

export async function readToken(paths: DataPaths): Promise<string> {
  return (await readFile(paths.token, 'utf8')).trim();
}

/** The installation's key: 32 bytes, for values that are kept encrypted. */
export async function readInstallationKey(paths: DataPaths): Promise<Buffer> {
  const key = Buffer.from((await readFile(paths.key, 'utf8')).trim(), 'hex');
  if (key.length !== 32) throw new Error(`Cannot use the key in "${paths.key}": it is not 32 bytes in hex`);
  return key;
}

/** Ed25519, PEM: signs exports of the journal. */
export function readSigningKey(paths: DataPaths): Promise<string> {
  return readFile(paths.signingKey, 'utf8');
}

/** `--data`, else MAINSTAY_DATA, else the directory that `up` used last, else the user's own. */
export async function findDataDirectory(config: Config, option?: string): Promise<string> {
  if (option !== undefined) return resolve(option);
  if (config.dataDirectoryGiven) return config.dataDirectory;
  return (await readPointer(config.places)) ?? config.dataDirectory;
}

export async function writePointer(places: Places, directory: string): Promise<void> {
  await mkdir(places.config, { recursive: true, mode: 0o700 });
  await replaceFile(pointerFile(places), `${resolve(directory)}\n`);
}

/** Others see the old text or the new one, never half of it. */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${path}.${String(process.pid)}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, text, { mode, flag: 'wx' });
  await rename(temporary, path);
}

async function readPointer(places: Places): Promise<string | null> {
  const text = await readFileIfThere(pointerFile(places));
  const directory = text?.trim() ?? '';
  return directory === '' ? null : directory;
}

function pointerFile(places: Places): string {
  return join(places.config, 'current');
}

/** Written aside and linked into place, so that two processes agree on one secret and none reads half of it. */
async function createOnce(path: string, content: () => string): Promise<void> {
  if (await isThere(path)) {
    await chmod(path, constants.S_IRUSR | constants.S_IWUSR);
    return;
  }
  const temporary = `${path}.${String(process.pid)}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, content(), { mode: 0o600, flag: 'wx' });
  try {
    await link(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
