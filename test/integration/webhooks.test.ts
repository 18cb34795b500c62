import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { dataPaths, readToken } from '../../platform/data-directory';
import { readEndpoint } from '../../platform/endpoint';
import { Secret } from '../../platform/secret';
import { waitUntil } from '../../platform/wait-until';
import { isSigned, signedWith } from '../../platform/webhook-signature';
import { mainstay, startUp, upPlace } from '../support/up-process';
import type { UpPlace, UpProcess } from '../support/up-process';

const secrets = { in: new Secret('whsec_aW5jb21pbmc='), out: new Secret('whsec_b3V0Z29pbmc=') };
const calls = 8;

interface Received {
  readonly id: string;
  readonly run: number | null;
  readonly signed: boolean;
}

let place: UpPlace;
let up: UpProcess | null;
let receiver: Server;
let received: Received[];
let known: Set<string>;

beforeEach(async () => {
  const settings = { HOOK_IN: secrets.in.reveal(), HOOK_OUT: secrets.out.reveal() };
  place = upPlace(await mkdtemp(join(tmpdir(), 'mainstay-webhooks-')), settings);
  up = null;
  received = [];
  known = new Set();
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      // Of every second message it takes the first attempt for nothing: it is overloaded.
      const id = String(request.headers['webhook-id']);
      const isHeard = known.has(id) || known.size % 2 === 1;
      known.add(id);
      if (isHeard) received.push(readCall(request.headers, Buffer.concat(parts)));
      response.writeHead(isHeard ? 200 : 503).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await up?.stop('SIGTERM');
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await rm(place.folder, { recursive: true, force: true });
});

const Told = z.object({ data: z.object({ process: z.object({ number: z.number().nullable() }) }) });

function readCall(headers: Readonly<Record<string, string | string[] | undefined>>, body: Buffer): Received {
  const text = (name: string): string => String(headers[name] ?? '');
  const message = { id: text('webhook-id'), timestamp: text('webhook-timestamp'), body };
  const signed = isSigned(message, text('webhook-signature'), { secrets: [secrets.out], nowMs: Date.now() });
  return { id: message.id, signed, run: Told.parse(JSON.parse(body.toString())).data.process.number };
}

function documents(url: string): string {
  return `
apiVersion: mainstay/v1
kind: Team
metadata: { name: web, version: 1.0.0 }
spec: { members: [user/anna], secrets: ['env:HOOK_'] }
---
apiVersion: mainstay/v1
kind: Runbook
metadata: { name: release, version: 1.0.0, title: Release, owner: team/web }
spec:
  inputs: { version: { type: string } }
  steps: [{ id: a, uses: core.sleep, with: { for: PT0.2S } }]
---
apiVersion: mainstay/v1
kind: Hook
metadata: { name: released, version: 1.0.0, owner: team/web }
spec:
  auth: { standard: env:HOOK_IN }
  key: '\${{ body.version }}'
  start: { runbook: release, inputs: { version: '\${{ body.version }}' } }
---
apiVersion: mainstay/v1
kind: Subscription
metadata: { name: ops, version: 1.0.0, owner: team/web }
spec: { url: '${url}', secret: env:HOOK_OUT, events: [run.ended] }
`;
}

test('webhooks come in and go out once each, while worker and API are killed', async () => {
  up = await startUp(place);
  const { url } = up.info;
  const file = join(place.folder, 'all.yaml');
  await writeFile(file, documents(addressOf(receiver)));
  const applied = await mainstay(place, 'apply', file, '--as', 'user/anna', '--data', place.data);
  expect([applied.exitCode, applied.stderr]).toEqual([0, '']);

  for (let version = 1; version <= calls; version += 1) {
    await sendUntilTaken(url, version);
    if (version === 2 || version === 5) await kill('worker');
    if (version === 3 || version === 6) await kill('api');
    // Whoever sends may not have heard the answer.
    await sendUntilTaken(url, version);
  }

  await eventually('every end of a run to be told', () => Promise.resolve(new Set(runs()).size === calls));
  const { deliveries } = await read(url, '/deliveries?limit=100', Deliveries);
  await eventually('every delivery to be settled', async () => (await unsettled(url)) === 0);
  expect(new Set(received.map(({ id }) => id))).toHaveProperty('size', calls);
  expect(received.every(({ signed }) => signed)).toBe(true);
  expect(new Set(runs()).size).toBe(calls);
  expect(deliveries).toHaveLength(calls);
}, 300_000);

/** Told twice under one id is told once: whoever receives goes by it. */
function runs(): readonly number[] {
  const byId = new Map(received.map(({ id, run }) => [id, run]));
  return [...byId.values()].map((run) => run ?? 0);
}

const Deliveries = z.object({ deliveries: z.array(z.object({ state: z.string() })) });

async function unsettled(url: string): Promise<number> {
  const { deliveries } = await read(url, '/deliveries?limit=100', Deliveries);
  return deliveries.filter(({ state }) => state !== 'delivered').length;
}

async function read<T>(url: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const token = await readToken(dataPaths(place.data));
  const response = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  return schema.parse(await response.json());
}

/** As senders do: again until it is taken, under the same id. */
async function sendUntilTaken(url: string, version: number): Promise<void> {
  const body = JSON.stringify({ version: String(version) });
  await eventually('the call to be taken', async () => {
    const message = {
      id: `msg_${version}`,
      timestamp: String(Math.floor(Date.now() / 1_000)),
      body: Buffer.from(body),
    };
    const headers = {
      'webhook-id': message.id,
      'webhook-timestamp': message.timestamp,
      'webhook-signature': signedWith(message, secrets.in),
    };
    const sent = fetch(`${url}/hooks/released`, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
    const response = await sent.catch(() => null);
    await response?.body?.cancel();
    return response?.status === 202;
  });
}

async function kill(kind: 'worker' | 'api'): Promise<void> {
  const pid = (await readEndpoint(dataPaths(place.data)))?.children[kind]?.pid;
  if (pid === undefined || pid === null) throw new Error(`Cannot kill the ${kind}: it is not there`);
  process.kill(pid, 'SIGKILL');
}

function eventually(what: string, check: () => Promise<boolean>): Promise<void> {
  return waitUntil({ what, withinMs: 120_000, hint: '', check });
}

function addressOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hear`;
}
