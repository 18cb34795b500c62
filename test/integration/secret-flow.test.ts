import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { startFleet } from '../support/fleet/fleet';
import type { Fleet } from '../support/fleet/fleet';
import { openMailServer } from '../support/mail-server';
import type { MailServer } from '../support/mail-server';
import { waitUntil } from '../../platform/wait-until';
import { inAnswers, inHistories, inStore } from '../support/secret-places';
import { sightings, sightingsInFolder } from '../support/secret-search';
import type { Canary, Sighting } from '../support/secret-search';
import { bootMs, mainstay, startUp, upPlace } from '../support/up-process';
import type { UpPlace, UpProcess } from '../support/up-process';

/** Every kind of character that some encoding changes, but for what no header may hold. */
function canary(name: string): Canary {
  return { name, value: `Cn4ry"\\/+&=% ${randomBytes(9).toString('hex')}` };
}

const planted = {
  env: canary('env: of a step'),
  file: canary('file: on standard input'),
  header: canary('header of a request'),
  captured: canary('capture: secret'),
  webhook: { name: 'secret of a webhook', value: `whsec_${randomBytes(24).toString('base64')}` },
  notify: { name: 'secret of a webhook for people', value: `whsec_${randomBytes(24).toString('base64')}` },
  chat: { name: 'address of a chat', value: `chat-${randomBytes(18).toString('hex')}` },
} as const;
const canaries: Canary[] = Object.values(planted);
/** No secret: it must be found wherever is searched, or the search is none. */
const control: Canary = { name: 'control', value: `Visible-${randomBytes(9).toString('hex')}` };

let folder = '';
let fleet: Fleet;
let mail: MailServer;
let server: Server;
const seen: { readonly path: string; readonly authorization: string; readonly body: string }[] = [];
let place: UpPlace;
let up: UpProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-secrets-'));
  fleet = await startFleet({ hosts: 2 });
  mail = await openMailServer();
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const given = request.headers.authorization ?? '';
      seen.push({ path: request.url ?? '', authorization: given, body: Buffer.concat(parts).toString('utf8') });
      // A careless service: it says what it was sent, in a header, in the body and as a reason.
      response.writeHead(request.url === '/refuse' ? 401 : 200, {
        'x-echo': given,
        'content-type': 'application/json',
      });
      response.end(JSON.stringify({ echo: given, encoded: Buffer.from(given).toString('base64') }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await writeFile(join(folder, 'password'), planted.file.value);
  await Promise.all(fleet.hosts.map((host) => writeFile(join(host.home, 'generated'), planted.captured.value)));
  place = upPlace(folder, {
    CANARY_ENV: planted.env.value,
    CANARY_HEADER: planted.header.value,
    CANARY_WEBHOOK: planted.webhook.value,
    MAINSTAY_LOG_LEVEL: 'trace',
    MAINSTAY_PUBLIC_URL: 'https://m.example',
    MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    MAINSTAY_MAIL_FROM: 'mainstay@example.org',
    MAINSTAY_NOTIFY_WEBHOOK_URL: `${serverUrl()}/notify`,
    MAINSTAY_NOTIFY_WEBHOOK_SECRET: planted.notify.value,
    MAINSTAY_CHAT_WEBHOOK_URL: `${serverUrl()}/${planted.chat.value}`,
  });
  up = await startUp(place);
}, 2 * bootMs);

afterAll(async () => {
  await up.stop('SIGTERM');
  await fleet.stop();
  await mail.close();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

test('no secret is anywhere that it was not given to: not in histories, store, logs, output, answers, evidence or notices', async () => {
  const documents = join(folder, 'all.yaml');
  await writeFile(documents, yaml());
  await must(0, 'apply', documents, '--as', 'user/anna');

  // A run that succeeds, one that fails after retries, one that is undone, one that waits for people who are asked by mail.
  const succeeded = await ended(0, 'succeeds');
  const failed = await ended(1, 'fails');
  const undone = await ended(1, 'undoes');
  const asks = Started.parse(JSON.parse(await must(0, 'run', 'asks', '--as', 'user/anna', '--json')));
  expect([succeeded, failed, undone].map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed', 'undone']);
  const toBen = (words: string) =>
    mail.arrival(({ to, parsed }) => to.includes('ben@example.org') && (parsed.text ?? '').includes(words));
  const asked = await toBen('Release?');
  await toBen(`Fails ${control.value}`);
  const told = async () => ['/notify', `/${planted.chat.value}`].every(toldBy);
  await waitUntil({ what: 'what people are told', withinMs: 60_000, hint: '', check: told });
  const links = [
    ...(asked.parsed.text ?? '').matchAll(/https:\/\/m\.example\/\S*?([A-Za-z0-9_-]{24,}[A-Za-z0-9_.~-]*)/g),
  ];
  canaries.push(...links.map(([, token = ''], index) => ({ name: `link ${index + 1} of a mail`, value: token })));
  const runs = [succeeded, failed, undone, asks];
  await must(0, 'audit', 'checkpoint');

  canaries.push(control);
  const searched = { place, up, canaries };
  const found = {
    histories: await inHistories(searched, runs),
    store: await inStore(searched),
    answers: await inAnswers(searched, runs),
    evidence: await inEvidence(runs),
    notices: inNotices(),
    files: sightingsInFolder(canaries, place.data),
  };

  // They were really used, and would have been found.
  expect(seen.filter(({ authorization }) => authorization === `Bearer ${planted.header.value}`)).toHaveLength(4);
  const called = new Set(seen.map(({ path }) => path));
  expect(['/hook', '/notify', `/${planted.chat.value}`].filter((path) => !called.has(path))).toEqual([]);
  expect(links.length).toBeGreaterThan(0);
  expect(sightingsInFolder(canaries, folder).map(({ canary: name }) => name)).toContain('file: on standard input');
  for (const [where, all] of Object.entries(found)) {
    expect([where, all.filter((one) => one.canary !== control.name)]).toEqual([where, []]);
    expect([where, all.some((one) => one.canary === control.name)]).toEqual([where, true]);
  }
}, 300_000);

function serverUrl(): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function toldBy(path: string): boolean {
  return seen.some((request) => request.path === path && request.body.includes(control.value));
}

/** What people and programs are told of runs. The links in a mail are for whoever gets it. */
function inNotices(): readonly Sighting[] {
  const sought = [...Object.values(planted), control];
  const mails = mail.received.map(({ parsed }) => {
    const { headerLines, text, html } = parsed;
    return JSON.stringify([headerLines.map(({ line }) => line), text, html]);
  });
  const calls = seen.filter(({ path }) => !['/take', '/refuse'].includes(path)).map(({ body }) => body);
  return [...mails, ...calls].flatMap((told) => sightings(sought, 'notice', Buffer.from(told)));
}

function yaml(): string {
  const url = serverUrl();
  const hosts = fleet.hosts.map(
    (host) =>
      `    - {name: ${host.name}, address: ${host.address}, port: ${host.port}, user: ${host.user}, hostKey: '${host.hostKey}'}`,
  );
  const first = fleet.hosts[0]?.name ?? '';
  const used = `
  secrets: {token: 'env:CANARY_ENV', password: 'file:${join(folder, 'password')}', header: 'env:CANARY_HEADER'}
  steps:
    - id: printed
      targets: \${{ inventory.hosts }}
      env: {TOKEN: '\${{ secrets.token }}'}
      run: echo "$TOKEN"; echo "$TOKEN" >&2; printf %s "x$TOKEN" | base64 -w0; printf '{"t":"%s"}' "$TOKEN"; echo "$TOKEN" | sed 's/["\\\\]/\\\\&/g'
      undo: {run: 'echo "undo $TOKEN"', env: {TOKEN: '\${{ secrets.token }}'}}
    - {id: piped, targets: '\${{ inventory.hosts }}', exec: [cat], stdin: '\${{ secrets.password }}', undo: none}
    - {id: made, targets: ${first}, run: 'cat generated; cat generated >&2', capture: secret, undo: none}
    - id: reused
      targets: ${first}
      env: {PW: '\${{ steps.made.stdout }}'}
      run: echo "$PW"; echo "$PW" | base64
      undo: none
    - {id: said, uses: core.echo, with: {text: '${control.value}'}}
    - id: called
      uses: http.request
      with: {url: '${url}/take', headers: {authorization: 'Bearer \${{ secrets.header }}'}}
      capture: json
      undo: none`;
  return `
apiVersion: mainstay/v1
kind: Connection
metadata: {name: fleet, version: 1.0.0, owner: team/web}
spec: {type: ssh, key: 'file:${fleet.keyFile}'}
---
apiVersion: mainstay/v1
kind: Inventory
metadata: {name: fleet, version: 1.0.0}
spec:
  connection: fleet
  hosts:
${hosts.join('\n')}
---
apiVersion: mainstay/v1
kind: Person
metadata: {name: ben}
spec: {name: Ben, email: ben@example.org, chat: U012BEN}
---
apiVersion: mainstay/v1
kind: Team
metadata: {name: web, version: 1.0.0}
spec: {members: [user/anna, user/ben], secrets: ['file:${fleet.directory}', 'file:${folder}/', 'env:CANARY_']}
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: {name: one-of-web}
spec: {levels: [{slots: [{candidates: [team/web], require: any}]}]}
---
apiVersion: mainstay/v1
kind: Subscription
metadata: {name: told, version: 1.0.0, owner: team/web}
spec: {url: '${url}/hook', secret: 'env:CANARY_WEBHOOK', events: [run.]}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: succeeds, version: 1.0.0, owner: team/web}
spec:${used}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: fails, version: 1.0.0, title: 'Fails ${control.value}', owner: team/web}
spec:${used}
    - id: refused
      uses: http.request
      with: {url: '${url}/refuse', headers: {authorization: 'Bearer \${{ secrets.header }}'}}
      undo: none
      onFailure: continue
    - id: broken
      targets: \${{ inventory.hosts }}
      env: {TOKEN: '\${{ secrets.token }}'}
      run: echo "cannot use $TOKEN" >&2; exit 3
      retry: {attempts: 3, delay: PT0.1S}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: undoes, version: 1.0.0, owner: team/web}
spec:
  onFailure: undo${used}
    - {id: broken, targets: '\${{ inventory.hosts }}', exec: ['false'], effect: read}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: asks, version: 1.0.0, title: Release, owner: team/web}
spec:
  steps:
    - {id: go, approval: {policy: one-of-web, title: 'Release?', due: PT1H, onDue: reject}}
`;
}

const Started = z.object({ id: z.string(), number: z.number(), outcome: z.string().nullable() });
type Started = z.infer<typeof Started>;

async function ended(exitCode: number, runbook: string): Promise<Started> {
  return Started.parse(JSON.parse(await must(exitCode, 'run', runbook, '--as', 'user/anna', '--json', '--wait')));
}

async function must(exitCode: number, ...args: readonly string[]): Promise<string> {
  const ran = await mainstay(place, ...args, '--data', place.data);
  if (ran.exitCode !== exitCode)
    throw new Error(`Cannot go on: "${args.join(' ')}" ended with ${ran.exitCode}: ${ran.stderr}`);
  const secrets = canaries.filter((one) => one !== control);
  expect(sightings(secrets, `command ${args.join(' ')}`, Buffer.from(ran.stdout + ran.stderr))).toEqual([]);
  return ran.stdout;
}

async function inEvidence(runs: readonly Started[]): Promise<readonly Sighting[]> {
  const found: Sighting[] = [];
  for (const { number } of runs) {
    const text = await must(0, 'evidence', String(number));
    found.push(...sightings(canaries, `evidence of ${number}`, Buffer.from(text)));
  }
  return found;
}
