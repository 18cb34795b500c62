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
import { isSigned } from '../../platform/webhook-signature';
import { openMailServer } from '../support/mail-server';
import type { MailServer } from '../support/mail-server';
import { mainstay, startUp, upPlace } from '../support/up-process';
import type { UpPlace, UpProcess } from '../support/up-process';

const secret = new Secret('whsec_bm90aWNlcw==');
/** Each fails, and asks nothing; and each of the others asks two people. */
const failures = 4;
const questions = 2;
const people = ['anna', 'ben'];
const expected = (failures + questions) * people.length;

const documents = `
apiVersion: mainstay/v1
kind: Person
metadata: { name: anna, version: 1.0.0 }
spec: { email: anna@example.org }
---
apiVersion: mainstay/v1
kind: Person
metadata: { name: ben, version: 1.0.0 }
spec: { email: ben@example.org }
---
apiVersion: mainstay/v1
kind: Team
metadata: { name: web, version: 1.0.0 }
spec: { members: [user/anna, user/ben] }
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: { name: both, version: 1.0.0 }
spec: { approvers: [team/web], min: 2 }
---
apiVersion: mainstay/v1
kind: Runbook
metadata: { name: fails, version: 1.0.0, title: Fails, owner: team/web }
spec:
  steps: [{ id: a, uses: core.fail, with: { code: CORE_FAILED, message: on purpose } }]
---
apiVersion: mainstay/v1
kind: Runbook
metadata: { name: asks, version: 1.0.0, title: Asks, owner: team/web }
spec:
  steps: [{ id: go, approval: { policy: both, title: 'Go?', due: PT1H, onDue: reject } }]
`;

interface Arrived {
  readonly id: string;
  readonly at: number;
}

let place: UpPlace;
let up: UpProcess | null;
let mx: MailServer;
let receiver: Server;
let called: Arrived[];
let kills: { readonly pid: number; readonly at: number }[];

beforeEach(async () => {
  up = null;
  called = [];
  kills = [];
  mx = await openMailServer();
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const header = (name: string): string => String(request.headers[name] ?? '');
      const message = {
        id: header('webhook-id'),
        timestamp: header('webhook-timestamp'),
        body: Buffer.concat(parts),
      };
      const isOurs = isSigned(message, header('webhook-signature'), { secrets: [secret], nowMs: Date.now() });
      if (isOurs) called.push({ id: message.id, at: Date.now() });
      response.writeHead(isOurs ? 200 : 401).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  place = upPlace(await mkdtemp(join(tmpdir(), 'mainstay-notices-')), {
    MAINSTAY_PUBLIC_URL: 'https://m.example',
    MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${mx.port}`,
    MAINSTAY_MAIL_FROM: 'Mainstay <mainstay@example.org>',
    MAINSTAY_NOTIFY_WEBHOOK_URL: addressOf(receiver),
    MAINSTAY_NOTIFY_WEBHOOK_SECRET: secret.reveal(),
  });
});

afterEach(async () => {
  await up?.stop('SIGTERM');
  await mx.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await rm(place.folder, { recursive: true, force: true });
});

test('every notice arrives by mail and by webhook, each once by its id, while the worker is killed around the sending', async () => {
  up = await startUp(place);
  const file = join(place.folder, 'all.yaml');
  await writeFile(file, documents);
  const applied = await mainstay(place, 'apply', file, '--as', 'user/anna', '--data', place.data);
  expect([applied.exitCode, applied.stderr]).toEqual([0, '']);

  // Two kills before the sending, and two after the mail server has taken it.
  await killAt('coming');
  await begin('fails', failures / 2, 'user/anna');
  await eventually('the first kill', () => Promise.resolve(kills.length === 1));
  await killAt('taken');
  await begin('asks', questions, 'user/carl');
  await eventually('the second kill', () => Promise.resolve(kills.length === 2));
  await killAt('coming');
  await begin('fails', failures / 2, 'user/anna');
  await eventually('the third kill', () => Promise.resolve(kills.length === 3));
  await killAt('taken');
  await eventually('the fourth kill', () => Promise.resolve(kills.length === 4));

  await eventually('every notice to be settled', async () => (await settled()).sent >= 2 * expected);
  expect(await settled()).toEqual({ sent: 2 * expected, other: 0, journaled: 2 * expected });
  expect(new Set(mails().map(({ id }) => id)).size).toBe(expected);
  expect(new Set(called.map(({ id }) => id)).size).toBe(expected);
  // The journal names each message as the message itself does, and nothing in it votes.
  const named = await journaledNames();
  expect(named.mail).toEqual(new Set(mx.received.map(({ parsed }) => parsed.headers.get('x-mainstay-notice'))));
  expect(named.webhook).toEqual(new Set(called.map(({ id }) => id.replace(/@.*$/, ''))));
  for (const name of named.mail) expect(name).toMatch(/^[a-z2-7]{20}$/);
  for (const person of people)
    expect(new Set(mx.received.filter(isTo(person)).map(({ parsed }) => parsed.messageId)).size).toBe(
      failures + questions,
    );
  // Both that were taken when nobody could hear it any more have come twice, and none that no kill has come between.
  const again = repeats(mails());
  expect(again.length).toBeGreaterThanOrEqual(2);
  for (const { at } of [...again, ...repeats(called)])
    expect(kills.some((kill) => isJustBefore(at, kill.at))).toBe(true);
}, 420_000);

/** First arrivals of what has come more than once. */
function repeats(arrived: readonly Arrived[]): readonly Arrived[] {
  const first = new Map<string, Arrived>();
  const repeated = new Map<string, Arrived>();
  for (const each of arrived) {
    const earlier = first.get(each.id);
    if (earlier === undefined) first.set(each.id, each);
    else repeated.set(each.id, earlier);
  }
  return [...repeated.values()];
}

/** So long a machine that is busy may take to write down that a message was taken. */
const settlingMs = 5_000;

function isJustBefore(at: number, kill: number): boolean {
  return at <= kill + 1_000 && kill - at < settlingMs;
}

function mails(): readonly Arrived[] {
  return mx.received.map(({ parsed, at }) => ({ id: parsed.messageId ?? '', at }));
}

function isTo(person: string) {
  return ({ to }: { readonly to: readonly string[] }): boolean => to.includes(`${person}@example.org`);
}

/** The worker that is there when the next mail comes, or has been taken, does not live to see what comes of it. */
async function killAt(moment: 'coming' | 'taken'): Promise<void> {
  let pid = 0;
  await eventually('another worker to be there', async () => {
    pid = (await readEndpoint(dataPaths(place.data)))?.children.worker?.pid ?? 0;
    // The engine may not have heard yet that one of them is dead.
    return pid !== 0 && !kills.some((kill) => kill.pid === pid);
  });
  mx.atNext(moment, () => {
    process.kill(pid, 'SIGKILL');
    kills.push({ pid, at: Date.now() });
  });
}

async function begin(runbook: string, times: number, requester: string): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const ran = await mainstay(place, 'run', runbook, '--as', requester, '--data', place.data);
    expect(ran).toMatchObject({ exitCode: 0 });
  }
}

const Listed = z.object({ notices: z.array(z.object({ state: z.string(), channel: z.string().nullable() })) });
const Journal = z.object({ entries: z.array(z.object({ kind: z.string() })) });

async function settled(): Promise<{ readonly sent: number; readonly other: number; readonly journaled: number }> {
  const { notices } = await read('/notices?limit=200', Listed);
  const sent = notices.filter(({ state }) => state === 'sent').length;
  const { entries } = await read('/journal?kind=notice.sent&limit=500', Journal);
  return { sent, other: notices.length - sent, journaled: entries.length };
}

const Told = z.object({ channel: z.string(), messageId: z.string() });
const Sent = z.object({ entries: z.array(z.object({ payload: Told })) });

async function journaledNames(): Promise<{ readonly [channel in 'mail' | 'webhook']: ReadonlySet<string> }> {
  const { entries } = await read('/journal?kind=notice.sent&limit=500', Sent);
  const by = (wanted: string) =>
    entries.flatMap(({ payload }) => (payload.channel === wanted ? payload.messageId : []));
  return { mail: new Set(by('mail')), webhook: new Set(by('webhook')) };
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const token = await readToken(dataPaths(place.data));
  const response = await fetch(`${up?.info.url ?? ''}/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return schema.parse(await response.json());
}

function eventually(what: string, check: () => Promise<boolean>): Promise<void> {
  return waitUntil({ what, withinMs: 150_000, hint: '', check });
}

function addressOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hear`;
}
