import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { sql } from 'kysely';
import { z } from 'zod';

import { dataPaths, readToken } from '../../platform/data-directory';
import { openDatabase } from '../../platform/store/database';
import { sightings } from './secret-search';
import type { Canary, Sighting } from './secret-search';
import type { UpPlace, UpProcess } from './up-process';

/** An engine that runs, and what is looked for in all that it keeps and answers. */
interface Searched {
  readonly place: UpPlace;
  readonly up: UpProcess;
  readonly canaries: readonly Canary[];
}

interface SearchedRun {
  readonly id: string;
  readonly number: number;
}

/** As the server keeps them: nothing is encrypted here, so that everything can be found. */
export async function inHistories(
  { up, canaries }: Searched,
  runs: readonly SearchedRun[],
): Promise<readonly Sighting[]> {
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
export async function inStore({ place, canaries }: Searched): Promise<readonly Sighting[]> {
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
export async function inAnswers(searched: Searched, runs: readonly SearchedRun[]): Promise<readonly Sighting[]> {
  const { place, up, canaries } = searched;
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
  const asked = [...paths.flatMap(([pattern]) => filled(pattern, names)), ...(await outputPaths(searched, runs))];
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
async function outputPaths({ place }: Searched, runs: readonly SearchedRun[]): Promise<readonly string[]> {
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
