import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { sql } from 'kysely';
import { z } from 'zod';

import { dataPaths, readToken } from '../../platform/data-directory';
import { openDatabase } from '../../platform/store/database';
import { startFleet } from '../support/fleet/fleet';
import type { Fleet } from '../support/fleet/fleet';
import { openMailServer } from '../support/mail-server';
import type { MailServer } from '../support/mail-server';
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
} as const;
const canaries: Canary[] = Object.values(planted);
/** No secret: it must be found wherever is searched, or the search is none. */
const control: Canary = { name: 'control', value: `Visible-${randomBytes(9).toString('hex')}` };

let folder = '';
let fleet: Fleet;
let mail: MailServer;
let server: Server;
const seen: { readonly path: string; readonly authorization: string }[] = [];
let place: UpPlace;
let up: UpProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-secrets-'));
  fleet = await startFleet({ hosts: 2 });
  mail = await openMailServer();
  server = createServer((request, response) => {
    const given = request.headers.authorization ?? '';
    seen.push({ path: request.url ?? '', authorization: given });
    // A careless service: it says what it was sent, in a header, in the body and as a reason.
    response.writeHead(request.url === '/refuse' ? 401 : 200, { 'x-echo': given, 'content-type': 'application/json' });
    response.end(JSON.stringify({ echo: given, encoded: Buffer.from(given).toString('base64') }));
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

test('no secret is anywhere that it was not given to: not in histories, store, logs, output, answers or evidence', async () => {
  const documents = join(folder, 'all.yaml');
  await writeFile(documents, yaml());
  await must(0, 'apply', documents, '--as', 'user/anna');

  // A run that succeeds, one that fails after retries, one that is undone, one that waits for people who are asked by mail.
  const succeeded = await ended(0, 'succeeds');
  const failed = await ended(1, 'fails');
  const undone = await ended(1, 'undoes');
  const asks = Started.parse(JSON.parse(await must(0, 'run', 'asks', '--as', 'user/anna', '--json')));
  expect([succeeded, failed, undone].map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed', 'undone']);
  const asked = await mail.arrival(({ to }) => to.includes('ben@example.org'));
  const links = [
    ...(asked.parsed.text ?? '').matchAll(/https:\/\/m\.example\/\S*?([A-Za-z0-9_-]{24,}[A-Za-z0-9_.~-]*)/g),
  ];
  canaries.push(...links.map(([, token = ''], index) => ({ name: `link ${index + 1} of a mail`, value: token })));
  const runs = [succeeded, failed, undone, asks];
  await must(0, 'audit', 'checkpoint');

  canaries.push(control);
  const found = {
    histories: await inHistories(runs),
    store: await inStore(),
    answers: await inAnswers(runs),
    evidence: await inEvidence(runs),
    files: sightingsInFolder(canaries, place.data),
  };

  // They were really used, and would have been found.
  expect(seen.filter(({ authorization }) => authorization === `Bearer ${planted.header.value}`)).toHaveLength(4);
  expect(seen.map(({ path }) => path)).toContain('/hook');
  expect(links.length).toBeGreaterThan(0);
  expect(sightingsInFolder(canaries, folder).map(({ canary: name }) => name)).toContain('file: on standard input');
  for (const [where, all] of Object.entries(found)) {
    expect([where, all.filter((one) => one.canary !== control.name)]).toEqual([where, []]);
    expect([where, all.some((one) => one.canary === control.name)]).toEqual([where, true]);
  }
}, 300_000);

function yaml(): string {
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
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
spec: {name: Ben, email: ben@example.org}
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
metadata: {name: fails, version: 1.0.0, owner: team/web}
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

/** As the server keeps them: nothing is encrypted here, so that everything can be found. */
async function inHistories(runs: readonly Started[]): Promise<readonly Sighting[]> {
  const connection = await Connection.connect({ address: up.info.temporal });
  try {
    const client = new Client({ connection, namespace: 'mainstay' });
    const found: Sighting[] = [];
    for (const { id } of runs) {
      const text = historyToJSON(await client.workflow.getHandle(`run/${id}`).fetchHistory());
      // Payloads are base64 in it, whose content is looked into by itself.
      const payloads = [...text.matchAll(/"([A-Za-z0-9+/=]{8,})"/g)].map(([, base64 = '']) =>
        Buffer.from(base64, 'base64'),
      );
      found.push(
        ...[Buffer.from(text), ...payloads].flatMap((bytes) => sightings(canaries, `history of ${id}`, bytes)),
      );
    }
    return found;
  } finally {
    await connection.close();
  }
}

/** Every value of every table: in the file a value may lie in pieces. */
async function inStore(): Promise<readonly Sighting[]> {
  const database = openDatabase({ kind: 'libsql', file: dataPaths(place.data).store });
  try {
    const found: Sighting[] = [];
    for (const { name } of await database.query.introspection.getTables()) {
      const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(database.query);
      for (const value of rows.flatMap((row): unknown[] => Object.values(row)))
        found.push(...sightings(canaries, `table ${name}`, bytesIn(value)));
    }
    return found;
  } finally {
    await database.close();
  }
}

function bytesIn(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return Buffer.from(String(value));
}

const Document = z.object({ paths: z.record(z.string(), z.object({ get: z.unknown().optional() })) });

/** Every route that reads, for everything that there is to name in its path. */
async function inAnswers(runs: readonly Started[]): Promise<readonly Sighting[]> {
  const token = await readToken(dataPaths(place.data));
  const headers = { authorization: `Bearer ${token}` };
  const { url } = up.info;
  const document = Document.parse(await (await fetch(`${url}/api/v1/openapi.json`, { headers })).json());
  const paths = Object.entries(document.paths).filter(([, methods]) => methods.get !== undefined);
  const names: Readonly<Record<string, readonly string[]>> = {
    ref: runs.map(({ number }) => String(number)),
    kind: ['Runbook', 'Team', 'Connection', 'Inventory', 'Subscription'],
    name: ['succeeds', 'fails', 'web', 'fleet', 'told'],
  };
  const found: Sighting[] = [];
  const asked = [...paths.flatMap(([pattern]) => filled(pattern, names)), ...(await outputPaths(runs))];
  for (let start = 0; start < asked.length; start += requestsAtOnce) {
    const answers = asked.slice(start, start + requestsAtOnce).map(async (path) => {
      const answer = await answerTo(`${url}/api/v1${path}`, headers);
      return sightings(canaries, `GET ${path}`, answer);
    });
    found.push(...(await Promise.all(answers)).flat());
  }
  return found;
}

async function answerTo(url: string, headers: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const leaving = new AbortController();
  const response = await fetch(url, { headers, signal: leaving.signal });
  expect([url, response.status]).not.toEqual([url, 429]);
  const isFeed = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (!isFeed || response.body === null) return new Uint8Array(await response.arrayBuffer());
  // Feeds may have no end: what has come after a second is enough.
  const timer = setTimeout(() => leaving.abort(), 1_000);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body) chunks.push(chunk);
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}

const requestsAtOnce = 10;

/** What the steps of a run have printed, as it is downloaded. */
async function outputPaths(runs: readonly Started[]): Promise<readonly string[]> {
  const database = openDatabase({ kind: 'libsql', file: dataPaths(place.data).store });
  try {
    const printed = await database.query
      .selectFrom('outputs')
      .select(['run_id', 'path', 'phase', 'generation', 'stream'])
      .distinct()
      .where('stream', '!=', 'secret')
      .execute();
    expect(new Set(printed.map((row) => row.run_id)).size).toBeGreaterThanOrEqual(runs.length - 1);
    return printed.map(({ run_id: id, path, phase, generation, stream }) => {
      const query = new URLSearchParams({ path, phase, generation: String(generation), stream });
      return `/runs/${id}/output?${query.toString()}`;
    });
  } finally {
    await database.close();
  }
}

function filled(pattern: string, names: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const parameter = /\{(\w+)\}/.exec(pattern);
  if (parameter === null) return [pattern];
  const values = names[parameter[1] ?? ''] ?? ['1'];
  return values.flatMap((value) => filled(pattern.replace(parameter[0], encodeURIComponent(value)), names));
}

async function inEvidence(runs: readonly Started[]): Promise<readonly Sighting[]> {
  const found: Sighting[] = [];
  for (const { number } of runs) {
    const text = await must(0, 'evidence', String(number));
    found.push(...sightings(canaries, `evidence of ${number}`, Buffer.from(text)));
  }
  return found;
}
