import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { deliver } from '../../../activities/webhook/deliver';
import type { DeliveryPlace } from '../../../activities/webhook/deliver';
import { Secret } from '../../../platform/secret';
import { digestOf } from '../../../platform/store/blobs';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { isSigned } from '../../../platform/webhook-signature';

const secret = new Secret('whsec_c2hhcmVkIHNlY3JldA==');
const attempt = { deliveryId: 'd1', round: 1, subscription: 'ops', last: false };
const body = '{"type":"run.ended"}';
const never = new AbortController().signal;

let folder: string;
let store: Store;
let receiver: Server;
let status: number;
let received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-deliver-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  [status, received] = [204, []];
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(status, { location: '/elsewhere' }).end('heard');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  await publish('0.0.1');
  await store.deliveries.add(
    [{ id: 'd1', subscription: 'ops', eventId: 'evt_1', kind: 'run.ended', body, createdAt: 1 }],
    1,
  );
});

afterEach(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(version: string, more = ''): Promise<void> {
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const spec = `{ url: 'http://127.0.0.1:${port}/hear', secret: env:OPS, events: [run.]${more} }`;
  const text = `kind: Subscription\nmetadata: { name: ops, owner: team/ops }\nspec: ${spec}\n`;
  const definition = {
    kind: 'Subscription',
    name: 'ops',
    version,
    digest: digestOf(Buffer.from(text)),
    text,
    files: {},
  };
  await store.definitions.publish(definition, { actor: 'user/anna', via: 'cli', at: 1 });
}

function place(change: Partial<DeliveryPlace> = {}): DeliveryPlace {
  const secrets = { resolve: () => Promise.resolve(secret) };
  return { store, secrets, privateAddresses: 'allow', now: () => Date.now(), ...change };
}

test('a receiver is told with a signature that it can check, under the id of the entry', async () => {
  expect(await deliver(place(), attempt, never)).toEqual({ outcome: 'delivered' });

  const [{ headers, body: told } = { headers: {}, body: '' }] = received;
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  const message = { id: String(id), timestamp: String(timestamp), body: Buffer.from(told) };
  expect(id).toBe('evt_1');
  expect(told).toBe(body);
  expect(isSigned(message, String(signature), { secrets: [secret], nowMs: Date.now() })).toBe(true);
  expect(await store.deliveries.get('d1')).toMatchObject({ state: 'delivered', attempts: 1, answer: '204' });
});

test.each([
  [500, 'refused', 'sending'],
  [404, 'refused', 'sending'],
  // A redirect could lead where the address of the receiver was not allowed to.
  [302, 'refused', 'sending'],
  [410, 'dead', 'dead'],
])('a receiver that answers %i: %s', async (answered, outcome, state) => {
  status = answered;

  expect(await deliver(place(), attempt, never)).toEqual({ outcome });

  expect(await store.deliveries.get('d1')).toMatchObject({ state, attempts: 1, answer: `${answered} heard` });
  expect(received).toHaveLength(1);
});

test('the last attempt ends it, whatever the receiver answers', async () => {
  status = 503;

  expect(await deliver(place(), { ...attempt, last: true }, never)).toEqual({ outcome: 'dead' });
});

test('what was given up is not told again by an attempt whose end nobody heard of', async () => {
  status = 410;
  await deliver(place(), attempt, never);
  status = 200;

  expect(await deliver(place(), attempt, never)).toEqual({ outcome: 'dead' });
  expect(received).toHaveLength(1);
});

test('what was delivered is not told again by an attempt whose end nobody heard of', async () => {
  await deliver(place(), attempt, never);

  expect(await deliver(place(), attempt, never)).toEqual({ outcome: 'delivered' });
  expect(received).toHaveLength(1);
});

test.each<[string, Partial<DeliveryPlace>, RegExp]>([
  ['a private address where they are refused', { privateAddresses: 'refuse' }, /private address 127\.0\.0\.1/],
  [
    'a secret that is not there',
    { secrets: { resolve: () => Promise.reject(new Error('Cannot find the secret "env:OPS"')) } },
    /Cannot find the secret/,
  ],
])('%s is told to nobody, and tried again', async (_what, change, answer) => {
  expect(await deliver(place(change), attempt, never)).toEqual({ outcome: 'refused' });

  expect(received).toEqual([]);
  expect(await store.deliveries.get('d1')).toMatchObject({ answer: expect.stringMatching(answer) });
});

test('a subscription that is not active any more is told nothing, and that is the end', async () => {
  await publish('0.0.2', ', active: false');

  expect(await deliver(place(), attempt, never)).toEqual({ outcome: 'dead' });
  expect(received).toEqual([]);
});

test('an attempt of an earlier round does nothing', async () => {
  expect(await deliver(place(), { ...attempt, round: 2 }, never)).toEqual({ outcome: 'dead' });
  expect(received).toEqual([]);
});
