import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { createClient } from '../../../client/typed';
import type { Client } from '../../../client/typed';
import { streamOf } from '../../../workflows/domain/streams';
import { testApi, token } from '../../support/client/api';
import type { TestApi } from '../../support/client/api';
import { fakeEngine } from '../../support/client/fake-engine';
import { runCreated, runEnded } from '../../support/client/journal';
import { runRow, taskRow } from '../../support/client/run-view';
import { signedIn } from '../../support/client/signed-in';
import { taskOpened } from '../../platform/store/entries';

let api: TestApi;
let client: Client;
let url: string;
const run = runRow();
const task = taskRow();

beforeEach(async () => {
  api = await testApi(fakeEngine({ runs: [run], tasks: [task] }));
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  client = createClient({ url, token });
});

afterEach(async () => {
  api.app.server.closeAllConnections();
  await api.close();
});

test('a route is called by its name, with what it takes and answers typed', async () => {
  const { version, openRuns } = await client.call('GET /status');
  const schema = await client.call('GET /schemas/:kind', { params: { kind: 'Runbook' } });

  expect({ version, openRuns }).toEqual({ version: '0.0.0', openRuns: 0 });
  expect(schema).toMatchObject({ type: 'object' });
});

test('the faces of resources take numbers, truth values and texts as such', async () => {
  await api.store.journal.append(streamOf(run.id), [runCreated()]);

  const { runs } = await client.runs.list({ limit: 5, state: 'pending' });
  const { definitions } = await client.definitions.list({ text: true });

  expect(runs).toEqual([expect.objectContaining({ number: 12 })]);
  expect(definitions).toEqual([]);
});

test('what somebody wants to be told is read and set by the name of a face, of oneself or of somebody else', async () => {
  const set = await client.notifications.set({ digest: 'hourly' }, 'ben');

  expect(set).toMatchObject({ person: 'user/ben', preferences: { digest: 'hourly', channels: null } });
  expect(await client.notifications.show('ben')).toEqual(set);
  await expect(client.notifications.show()).rejects.toMatchObject({ code: 'NOTIFICATIONS_NOT_FOUND' });
});

test('a refusal is an error with the code, the hint and the request id of the API', async () => {
  await expect(client.runs.steps(99)).rejects.toMatchObject({
    name: 'ApiRefusal',
    code: 'RUN_NOT_FOUND',
    status: 404,
    hint: expect.stringContaining('mainstay runs'),
    requestId: expect.any(String),
  });
});

test('a feed tells entries until the run ends, and goes on where it was told to', async () => {
  await api.store.journal.append(streamOf(run.id), [runCreated(), runEnded()]);

  const kinds: string[] = [];
  for await (const entry of client.runs.follow(run.id, { after: 1 })) kinds.push(entry.kind);

  expect(kinds).toEqual(['run.ended']);
});

test('output is fetched as bytes, all of it or a range', async () => {
  await api.store.journal.append(streamOf(run.id), [runCreated()]);
  const address = { runId: run.id, path: 'install', phase: 'do', generation: 1 };
  await api.store.outputs.write(address, 'stdout', 0, Buffer.from('hello world'));

  const whole = await client.runs.output(run.id, { path: 'install' });
  const part = await client.runs.output(run.id, { path: 'install' }, 'bytes=6-');

  expect([whole, part].map((bytes) => Buffer.from(bytes).toString())).toEqual(['hello world', 'world']);
});

test('a session of a browser is proven by its cookie, and what changes something by its token as well', async () => {
  await api.store.journal.append(streamOf(run.id), [runCreated(), taskOpened({ id: 't1' })]);
  const { cookie } = await signedIn(api, { person: 'user/ben', roles: ['operator'] });
  const browser = createClient({ url, cookie });

  const { actor } = await browser.me();
  const comment = await browser.tasks.comment('t1', { text: 'On my way' });

  expect([actor, comment.actor, comment.text]).toEqual(['user/ben', 'user/ben', 'On my way']);
});

test('a request that is sent again under its key is one request', async () => {
  await api.store.journal.append(streamOf(run.id), [runCreated(), taskOpened({ id: 't1' })]);
  const said = { actor: 'user/anna', text: 'Once' };

  const first = await client.tasks.comment('t1', said, 'k1');
  const again = await client.tasks.comment('t1', said, 'k1');
  const { comments } = await client.tasks.show('t1');

  expect(again).toEqual(first);
  expect(comments).toEqual([first]);
});

test('whoever imports the client gets nothing of the server with it', () => {
  const found = importsOf(join(__dirname, '../../../client/typed/index.ts'));

  expect([...found].filter((name) => !name.startsWith('.')).toSorted()).toEqual(['zod']);
});

/** Packages and files that a file loads, and those that they load; types load nothing. */
function importsOf(file: string, found: Set<string> = new Set()): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8');
  for (const [, name = ''] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm)) {
    if (!name.startsWith('.')) found.add(name);
    const path = name.startsWith('.') ? `${join(dirname(file), name)}.ts` : null;
    if (path === null || found.has(`./${path}`)) continue;
    found.add(`./${path}`);
    importsOf(path, found);
  }
  return found;
}
