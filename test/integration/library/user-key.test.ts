import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'ssh2';
import { stringify } from 'yaml';

import { startFleet } from '../../support/fleet/fleet';
import type { Fleet } from '../../support/fleet/fleet';
import { makeKey } from '../../support/fleet/keys';
import { hostNamed, openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';

const keys = { old: makeKey(), new: makeKey(), other: makeKey() };
type KeyName = keyof typeof keys;

let fleet: Fleet;
let library: LibraryStage;
let directory: string;
let file: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mainstay-keys-'));
  file = join(directory, 'authorized_keys');
  fleet = await startFleet({ hosts: 1, names: ['h1'], kind: 'sshd', sshdOptions: [`AuthorizedKeysFile ${file}`] });
  for (const [name, { private: text }] of Object.entries(keys))
    await writeFile(join(directory, name), text, { mode: 0o600 });
  await writeFile(file, `${makeKey().public} somebody else\n${keys.old.public} the old one\n`);
  const { uid, gid } = await stat(hostNamed(fleet, 'h1').home);
  for (const path of [directory, file]) await chown(path, uid, gid);
  await chmod(directory, 0o755);
  library = await openLibrary({ fleet, groups: { h1: ['all'] }, documents: connections() });
}, 60_000);

afterAll(async () => {
  await library.close();
  await fleet.stop();
  await rm(directory, { recursive: true, force: true });
});

function connections(): string {
  const documents = Object.keys(keys).map((name) => ({
    apiVersion: 'mainstay/v1',
    kind: 'Connection',
    metadata: { name: `with-${name}`, version: '1.0.0' },
    spec: { type: 'ssh', key: join(directory, name) },
  }));
  return documents.map((document) => stringify(document)).join('---\n');
}

function rotate(newConnection: KeyName) {
  return library.run('access/rotate-user-key', {
    hosts: 'all',
    file,
    oldKey: keys.old.public,
    newKey: keys.new.public,
    oldConnection: 'with-old',
    newConnection: `with-${newConnection}`,
  });
}

function logsIn(name: KeyName): Promise<boolean> {
  const { address, port, user } = hostNamed(fleet, 'h1');
  const client = new Client();
  return new Promise<boolean>((resolve) => {
    client.on('ready', () => resolve(true)).on('error', () => resolve(false));
    client.connect({ host: address, port, username: user, privateKey: keys[name].private });
  }).finally(() => client.end());
}

test('a new key that does not log in is taken out again, and the old one stays (R-ROLL-8)', async () => {
  const before = await readFile(file, 'utf8');

  const run = await rotate('other');

  expect([run.outcome, run.error?.message]).toEqual(['undone', expect.stringContaining('SSH_AUTH_REJECTED')]);
  expect(await readFile(file, 'utf8')).toBe(before);
  expect(await Promise.all([logsIn('old'), logsIn('new')])).toEqual([true, false]);
}, 60_000);

test('the new key logs in, the old one no longer, and the keys of others stay', async () => {
  const before = await readFile(file, 'utf8');

  const run = await rotate('new');

  expect([run.outcome, run.outputs]).toEqual(['succeeded', { hosts: 1 }]);
  expect(await readFile(file, 'utf8')).toBe(`${before.split('\n')[0] ?? ''}\n${keys.new.public}\n`);
  expect(await Promise.all([logsIn('old'), logsIn('new')])).toEqual([false, true]);
}, 60_000);
