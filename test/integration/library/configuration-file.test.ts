import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { JsonObject } from '../../../workflows/domain/json';
import { findProgram } from '../../support/component';
import { startFleet } from '../../support/fleet/fleet';
import type { Fleet, FleetHost } from '../../support/fleet/fleet';
import { installApp } from '../../support/hosted-app';
import type { HostedApp } from '../../support/hosted-app';
import { hostNamed, openLibrary } from './library-stage';
import type { LibraryStage } from './library-stage';

const port = 8080;

let fleet: Fleet;
let host: FleetHost;
let app: HostedApp;
let library: LibraryStage;
let path: string;
let original: string;

beforeAll(async () => {
  findProgram('curl', 'curl');
  fleet = await startFleet({ hosts: 1, names: ['web1'] });
  host = hostNamed(fleet, 'web1');
  app = await installApp(host, { port, releases: [{ name: '1.0.0', faulty: false }], provokesFault: false });
  library = await openLibrary({ fleet, groups: { web1: ['web'] } });
  path = join(host.home, 'app', 'nginx.conf');
  original = await readFile(path, 'utf8');
}, 60_000);

afterAll(async () => {
  await library.close();
  await app.stop();
  await fleet.stop();
});

function put(content: string, more: JsonObject = {}) {
  const directory = join(host.home, 'app');
  const nginx = [findProgram('nginx', 'nginx'), '-e', join(directory, 'run', 'error.log'), '-p', `${directory}/`];
  return library.run('config/file-with-validation', {
    hosts: 'web',
    path,
    content,
    owner: host.user,
    validate: [...nginx, '-t', '-c', '%s'],
    reload: [...nginx, '-s', 'reload', '-c', path],
    healthy: ['curl', '-fsS', '-o', '/dev/null', `http://${host.address}:${port}/`],
    healthyWithin: 'PT2S',
    bake: 'PT0S',
    ...more,
  });
}

async function served(): Promise<readonly [number, string | null]> {
  const response = await fetch(`http://${host.address}:${port}/`);
  return [response.status, response.headers.get('x-host')];
}

test('a file that is valid takes its place, and the service serves by it (R-ROLL-11)', async () => {
  const run = await put(original.replace('default web1', 'default renamed'));

  expect([run.outcome, run.outputs]).toEqual(['succeeded', { hosts: 1 }]);
  expect(await served()).toEqual([200, 'renamed']);
});

test('a file that its check refuses never takes its place', async () => {
  const before = await readFile(path, 'utf8');

  const run = await put('this is no setting;');

  expect([run.outcome, run.error?.message]).toEqual(['undone', expect.stringContaining('FILE_INVALID')]);
  expect(await readFile(path, 'utf8')).toBe(before);
  expect(await served()).toEqual([200, 'renamed']);
});

test('a service that is unwell before the first wave is not changed (R-ROLL-12)', async () => {
  const before = await readFile(path, 'utf8');

  const run = await put(original, { healthy: ['false'] });

  expect([run.outcome, run.error?.message]).toEqual(['failed', expect.stringContaining('before the first wave')]);
  expect(await readFile(path, 'utf8')).toBe(before);
});

test('a file that is valid and makes the service unwell is put back, and the service reads it again (R-ROLL-8)', async () => {
  const before = await readFile(path, 'utf8');

  const run = await put(before.replace('include ../app/current/site.conf;', 'return 503;'));

  expect(run.outcome).toBe('undone');
  expect(await readFile(path, 'utf8')).toBe(before);
  expect(await served()).toEqual([200, 'renamed']);
}, 60_000);
