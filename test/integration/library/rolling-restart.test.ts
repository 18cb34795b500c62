import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';

import { linked, openBalancedApp, restarted, soundRelease } from './balanced-app';
import type { BalancedApp } from './balanced-app';

let shop: BalancedApp;

beforeAll(async () => {
  shop = await openBalancedApp({ servers: 3 });
}, 60_000);

afterAll(() => shop.close(), 60_000);

const waves = [1, '100%'];
const allUp = { web1: 'UP', web2: 'UP', web3: 'UP' };

test('every server behind HAProxy is restarted once, and no customer sees an error (R-ROLL-11)', async () => {
  const run = await shop.run('loadbalancing/rolling-restart-haproxy', { waves: ['100%'], responses: 200 });

  expect([run.outcome, run.outputs]).toEqual(['succeeded', { restarted: 3 }]);
  expect(await restarted(shop.apps)).toEqual([1, 1, 1]);
  expect(await shop.haproxy.statuses()).toEqual(allUp);
  expect(shop.customers.visits.filter(({ status }) => status !== 200)).toEqual([]);
}, 60_000);

test('a release that is well reaches every server, and no customer sees an error (R-ROLL-11)', async () => {
  const more = { release: soundRelease, directory: 'app', waves: ['100%'], parallel: 2, responses: 200 };

  const run = await shop.run('loadbalancing/rolling-release-haproxy', more);

  expect([run.outcome, run.outputs]).toEqual(['succeeded', { released: 3 }]);
  expect(await linked(shop.apps)).toEqual([soundRelease, soundRelease, soundRelease]);
  expect(shop.customers.visits.filter(({ status }) => status !== 200)).toEqual([]);
}, 60_000);

test('nothing starts where the servers that stay would be too few (R-ROLL-1)', async () => {
  const before = await restarted(shop.apps);

  const run = await shop.run('loadbalancing/rolling-restart-haproxy', { waves, responses: 200, spare: 3 });

  expect([run.outcome, run.error?.message]).toEqual(['failed', expect.stringContaining('1 of 3 hosts failed')]);
  expect(await restarted(shop.apps)).toEqual(before);
  expect(await shop.haproxy.statuses()).toEqual(allUp);
}, 60_000);

test('a service that does not come back stops the rollout, and no server behind it is touched (R-ROLL-2)', async () => {
  const before = await restarted(shop.apps);
  await appendFile(join(shop.apps[1]?.host.home ?? '', 'app', 'nginx.conf'), 'this is no setting');

  const run = await shop.run('loadbalancing/rolling-restart-haproxy', { waves, responses: 200 });

  expect(run.outcome).toBe('undone');
  expect(await restarted(shop.apps)).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 1, before[2]]);
  expect(await shop.haproxy.statuses()).toEqual({ ...allUp, web2: 'DOWN' });
  expect(shop.customers.visits.filter(({ status }) => status !== 200)).toEqual([]);
}, 60_000);
