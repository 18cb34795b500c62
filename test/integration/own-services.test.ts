import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { z } from 'zod';

import { isServing } from '../../platform/temporal-health';
import { connectTemporal } from '../../platform/temporal';
import type { Json } from '../../workflows/domain/json';
import { isList } from '../../workflows/domain/json-values';
import { startFleet } from '../support/fleet/fleet';
import type { Fleet } from '../support/fleet/fleet';
import { findPostgres, startPostgres } from '../support/postgres';
import type { PostgresServer } from '../support/postgres';
import { testServerAddress } from '../support/temporal';
import { bootMs, mainstay, startUp, upPlace } from '../support/up-process';
import type { UpPlace, UpProcess } from '../support/up-process';

const binaries = findPostgres();

let fleet: Fleet;
let postgres: PostgresServer | null = null;
let up: UpProcess | null;
let folder: string;

beforeAll(async () => {
  fleet = await startFleet({ hosts: 2 });
  if (binaries !== null) postgres = await startPostgres(binaries);
}, bootMs);

afterAll(async () => {
  await fleet.stop();
  await postgres?.stop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-services-'));
  up = null;
});

afterEach(async () => {
  await up?.stop('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const withPostgres = binaries === null ? test.skip : test;

withPostgres(
  'mainstay up with DATABASE_URL keeps everything in PostgreSQL, and a run over SSH hosts ends and verifies',
  async () => {
    const place = upPlace(folder, await ownPostgres());

    const { number } = await wholeRun(place);

    // Nothing but the server's own file: what happened is in PostgreSQL, and there at the next start.
    expect((await readdir(place.data)).filter((name) => name.endsWith('.db')).toSorted()).toEqual([
      'owner.db',
      'temporal-1.31.2.db',
    ]);
    up = await startUp(place);
    const runs = await mainstay(place, 'runs', '--data', place.data, '--json');
    expect(JSON.parse(runs.stdout)).toMatchObject([{ number, outcome: 'succeeded' }]);
  },
  2 * bootMs,
);

test(
  'mainstay up with TEMPORAL_ADDRESS runs on that server, and leaves it running',
  async () => {
    const services = ownTemporal();
    const place = upPlace(folder, services);

    const { id } = await wholeRun(place);

    expect((await readdir(place.data)).filter((name) => name.startsWith('temporal'))).toEqual([]);
    expect(await servesStill()).toBe(true);
    expect(await encodingsIn(`run/${id}`, services['TEMPORAL_NAMESPACE'] ?? '')).toEqual(['binary/encrypted']);
  },
  2 * bootMs,
);

withPostgres(
  'mainstay up with both settings needs nothing of its own but its secrets',
  async () => {
    const place = upPlace(folder, { ...ownTemporal(), ...(await ownPostgres()) });

    await wholeRun(place);

    expect((await readdir(place.data)).filter((name) => name.endsWith('.db'))).toEqual(['owner.db']);
  },
  2 * bootMs,
);

/** With services of one's own, payloads are encrypted: `up` does not start without a key. */
const payloadKeys = { MAINSTAY_PAYLOAD_KEYS: `test-1:${randomBytes(32).toString('base64')}` };

/** up → apply → run --wait → logs → audit verify → a clean stop. */
async function wholeRun(place: UpPlace): Promise<{ readonly id: string; readonly number: number }> {
  const documents = await writeDocuments();
  up = await startUp(place);
  const at = ['--data', place.data, '--json'];
  await must(place, 'apply', documents, ...at);

  const run = Shown.parse(JSON.parse(await must(place, 'run', 'release', '-i', 'version=2', '--wait', ...at)));
  const logs = await must(place, 'logs', run.id, '--raw', '--data', place.data);
  const audit = await must(place, 'audit', 'verify', run.id, ...at);
  const exitCode = await up.stop('SIGINT');

  expect(run).toMatchObject({ state: 'closed', outcome: 'succeeded', steps: [{ id: 'greet' }, { id: 'install' }] });
  expect(run.steps.flatMap((step) => step.hosts).map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  const releases = await Promise.all(fleet.hosts.map((host) => readFile(join(host.home, 'release'), 'utf8')));
  expect(releases).toEqual(['2\n', '2\n']);
  expect(logs).toBe('installed 2\ninstalled 2\n');
  expect(JSON.parse(audit)).toMatchObject({ ok: true, stream: `run/${run.id}` });
  expect(exitCode).toBe(0);
  return run;
}

const Shown = z.looseObject({
  id: z.string(),
  number: z.number(),
  steps: z.array(z.looseObject({ id: z.string(), hosts: z.array(z.looseObject({ status: z.string() })) })),
});

async function must(place: UpPlace, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await mainstay(place, ...args);
  if (exitCode !== 0)
    throw new Error(`"mainstay ${args.join(' ')}" ended with ${String(exitCode)}: ${stderr}${stdout}`);
  return stdout;
}

async function writeDocuments(): Promise<string> {
  const documents = join(folder, 'documents');
  await mkdir(documents);
  const hosts = fleet.hosts.map(
    ({ name, address, port, user, hostKey }) =>
      `    - {name: ${name}, address: ${address}, port: ${port}, user: ${user}, hostKey: '${hostKey}', labels: {role: web}}`,
  );
  await writeFile(join(documents, 'release.yaml'), documentsFor(hosts.join('\n')));
  return documents;
}

function documentsFor(hosts: string): string {
  return `apiVersion: mainstay/v1
kind: Inventory
metadata: {name: fleet, version: 1.0.0, owner: team/web}
spec:
  connection: fleet
  hosts:
${hosts}
---
apiVersion: mainstay/v1
kind: Connection
metadata: {name: fleet, version: 1.0.0, owner: team/web}
spec: {type: ssh, key: 'file:${fleet.keyFile}'}
---
apiVersion: mainstay/v1
kind: Team
metadata: {name: web, version: 1.0.0}
spec: {members: [user/anna], secrets: ['file:${fleet.directory}']}
---
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: release, version: 1.0.0, owner: team/web}
spec:
  inputs: {version: {type: string}}
  vars: {web: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}"}
  steps:
    - {id: greet, uses: core.echo, with: {text: 'releasing \${{ inputs.version }}'}}
    - id: install
      targets: \${{ vars.web }}
      locks: [service/shop]
      run: echo "$VERSION" > release; echo "installed $VERSION"
      env: {VERSION: '\${{ inputs.version }}'}
`;
}

async function ownPostgres(): Promise<Record<string, string>> {
  if (postgres === null) throw new Error('Cannot make a database: PostgreSQL is not running');
  return { DATABASE_URL: await postgres.createDatabase(), ...payloadKeys };
}

/** The server of the tests is as foreign to `up` as anybody's; its namespace is not there yet. */
function ownTemporal(): Record<string, string> {
  const namespace = `own-${randomBytes(4).toString('hex')}`;
  return { TEMPORAL_ADDRESS: testServerAddress(), TEMPORAL_NAMESPACE: namespace, ...payloadKeys };
}

/** Of all payloads in the history of a run, as the server has them. */
async function encodingsIn(workflowId: string, namespace: string): Promise<readonly string[]> {
  const connection = await connectTemporal({ address: testServerAddress(), namespace, apiKey: null, tls: null });
  try {
    const history = await new Client({ connection, namespace }).workflow.getHandle(workflowId).fetchHistory();
    const events: Json = JSON.parse(historyToJSON(history));
    return [...new Set(encodingsOf(events))];
  } finally {
    await connection.close();
  }
}

/**
 * What runs are searched by, the id of the request, and what the SDK itself notes: of a local activity its name and attempt, of a change of
 * code its name.
 */
const readable: ReadonlySet<string> = new Set(['searchAttributes', 'header', 'data', 'patch-data']);

function* encodingsOf(value: Json): Generator<string> {
  if (isList(value)) for (const item of value) yield* encodingsOf(item);
  if (typeof value !== 'object' || value === null || isList(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'encoding' && typeof member === 'string') yield Buffer.from(member, 'base64').toString('utf8');
    if (!readable.has(name) && member !== undefined) yield* encodingsOf(member);
  }
}

async function servesStill(): Promise<boolean> {
  const settings = { address: testServerAddress(), namespace: 'mainstay', apiKey: null, tls: null };
  const connection = await connectTemporal(settings);
  try {
    return await isServing(connection);
  } finally {
    await connection.close();
  }
}
