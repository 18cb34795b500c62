import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GrantBook } from '../../../client/access-grants';
import { startFeeder } from '../../../client/hooks/feeder';
import { createLive } from '../../../client/live';
import { createRegistry } from '../../../client/published-registry';
import { createLogger } from '../../../platform/logger';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { waitUntil } from '../../../platform/wait-until';
import type { DeliveryInput } from '../../../workflows/webhook/messages';
import { runCreated, runEnded } from '../../platform/store/entries';

const documents = `
apiVersion: mainstay/v1
kind: Subscription
metadata: { name: ends, owner: team/ops }
spec: { url: 'http://127.0.0.1:9/', secret: env:OPS, events: [run.ended, 'task.'] }
---
apiVersion: mainstay/v1
kind: Subscription
metadata: { name: shop, owner: team/ops }
spec: { url: 'http://127.0.0.1:9/', secret: env:OPS, events: [run.], where: { service: [shop] } }
---
apiVersion: mainstay/v1
kind: Subscription
metadata: { name: quiet, owner: team/ops }
spec: { url: 'http://127.0.0.1:9/', secret: env:OPS, events: [run.], active: false }
`;

let folder: string;
let store: Store;
let started: DeliveryInput[];
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-feeder-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  [started, stops] = [[], []];
  await createRegistry(store).apply([{ name: 'all.yaml', text: documents, files: {} }], {
    actor: 'user/a',
    via: 'cli',
  });
  await store.deliveries.add([], await store.feed.now());
});

afterEach(async () => {
  for (const stop of stops) await stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Answers how to stop it. */
function feeder(startDelivery: (input: DeliveryInput) => Promise<void> = async (input) => void started.push(input)) {
  const stop = startFeeder({
    store,
    live: createLive(store),
    grants: new GrantBook(store, () => Date.now()),
    startDelivery,
    logger: createLogger('test', 'silent'),
    now: () => Date.now(),
    startEveryMs: 20,
  });
  stops.push(stop);
  return stop;
}

async function made(): Promise<readonly string[]> {
  const all = await store.deliveries.list({ limit: 100 });
  return all.map(({ subscription, kind, state }) => `${subscription} ${kind} ${state}`).toSorted();
}

async function happen(): Promise<void> {
  await store.journal.append('run/r1', [runCreated({ scope: { service: ['shop'] } })]);
  await store.journal.append('run/r2', [runCreated({ number: 2, scope: { service: ['bank'] } }), runEnded()]);
}

function until(check: () => Promise<boolean>): Promise<void> {
  return waitUntil({ what: 'the deliveries', withinMs: 10_000, hint: '', check });
}

const expected = ['ends run.ended sending', 'shop run.created sending'];

test('each subscription gets what it asked for, of what it is about, and its workflow is started once', async () => {
  feeder();

  await happen();

  await until(async () => (await made()).join() === expected.join());
  expect(new Set(started.map(({ subscription, round }) => `${subscription} ${round}`))).toEqual(
    new Set(['ends 1', 'shop 1']),
  );
});

test('a feeder that died goes on where it was, and makes nothing twice (D1)', async () => {
  const stop = feeder();
  await happen();
  await until(async () => (await made()).length === 2);
  await stop();
  await store.journal.append('run/r3', [runCreated({ number: 3, scope: { service: ['shop'] } })]);

  feeder();
  feeder();

  await until(async () => (await made()).length === 3);
  await until(async () => (await made()).every((each) => each.endsWith('sending')));
  expect(await made()).toEqual([...expected, 'shop run.created sending']);
});

test('a delivery that could not be started is started later', async () => {
  let failures = 2;
  feeder((input) => {
    failures -= 1;
    if (failures >= 0) return Promise.reject(new Error('Temporal is away'));
    started.push(input);
    return Promise.resolve();
  });

  await happen();

  await until(async () => (await made()).join() === expected.join());
});

test('with the first grant a subscription is told what was granted to it', async () => {
  const grant = `
apiVersion: mainstay/v1
kind: Grant
metadata: { name: shop }
spec: { role: viewer, people: [service/subscription-shop], where: { service: [shop] } }
`;
  await createRegistry(store).apply([{ name: 'grant.yaml', text: grant, files: {} }], { actor: 'user/a', via: 'cli' });
  feeder();

  await happen();

  await until(async () => (await made()).length === 1);
  expect(await made()).toEqual([expect.stringContaining('shop run.created')]);
});
