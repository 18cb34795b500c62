import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRegistry } from '../../client/published-registry';
import type { Registry } from '../../client/registry';
import { openStore } from '../../platform/store/open';
import type { Store } from '../../platform/store/store';

let folder: string;
let store: Store;
let registry: Registry;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-registry-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  registry = createRegistry(store);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const by = { actor: 'user/anna', via: 'cli' };

function document(kind: string, metadata: string, spec: string): string {
  return `apiVersion: mainstay/v1\nkind: ${kind}\nmetadata: ${metadata}\nspec: ${spec}\n`;
}

function hello(message: string, version = '1.0.0'): string {
  const steps = `[{id: hi, uses: core.echo, with: {text: ${message}}}]`;
  return document('Runbook', `{name: hello, version: ${version}, owner: team/web}`, `{steps: ${steps}}`);
}

function apply(text: string, files: Record<string, string> = {}) {
  return registry.apply([{ name: 'given.yaml', text, files }], by);
}

async function published(): Promise<readonly string[]> {
  return (await store.definitions.list()).map(({ name, version }) => `${name}@${version}`);
}

test('apply() publishes once; the same text again changes nothing', async () => {
  expect(await apply(hello('a'))).toMatchObject([
    { kind: 'Runbook', name: 'hello', version: '1.0.0', result: 'published' },
  ]);
  expect(await apply(hello('a'))).toMatchObject([{ result: 'unchanged' }]);
});

test('apply() refuses other text under a published version, and then publishes nothing of the request', async () => {
  await apply(hello('a'));
  const team = document('Team', '{name: web}', '{members: [user/anna]}');

  await expect(apply(`${team}---\n${hello('b')}`)).rejects.toMatchObject({ code: 'VERSION_EXISTS' });

  expect(await published()).toEqual(['hello@1.0.0']);
});

test('apply() refuses two texts for one version in one request, names both files, and publishes nothing', async () => {
  const sources = [
    { name: 'one.yaml', text: hello('a'), files: {} },
    { name: 'two.yaml', text: hello('b'), files: {} },
  ];

  const message = 'Cannot publish Runbook "hello 1.0.0": "one.yaml" and "two.yaml" say different things';
  await expect(registry.apply(sources, by)).rejects.toMatchObject({ code: 'VERSION_EXISTS', message });
  expect(await published()).toEqual([]);
});

test('apply() gives a document without a version the next one whenever its text is another', async () => {
  const one = document('Team', '{name: web}', '{members: [user/anna]}');
  const two = document('Team', '{name: web}', '{members: [user/anna, user/ben]}');

  const versions = [];
  for (const text of [one, one, two, one]) versions.push((await apply(text))[0]?.version);

  expect(versions).toEqual(['0.0.1', '0.0.1', '0.0.2', '0.0.3']);
});

test('apply() refuses documents with problems and names them all', async () => {
  const broken = document(
    'Runbook',
    '{name: x, version: 1.0.0}',
    '{steps: [{id: a, aproval: {}}, {id: a, uses: core.nope}]}',
  );

  await expect(apply(broken)).rejects.toMatchObject({
    code: 'DOCUMENT_INVALID',
    extra: { detail: { problems: expect.arrayContaining([expect.objectContaining({ file: 'given.yaml' })]) } },
  });
  expect(await published()).toEqual([]);
});

test('apply() keeps the files that steps take from beside the document, and asks for those that did not come', async () => {
  const steps =
    '[{id: conf, uses: ssh.put, targets: "${{ inventory.hosts }}", with: {file: nginx.conf, dest: /etc/nginx.conf}, undo: none}]';
  const text = document('Runbook', '{name: files, version: 1.0.0, owner: team/web}', `{steps: ${steps}}`);

  await expect(apply(text)).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
  await apply(text, { 'nginx.conf': Buffer.from('listen 80').toString('base64') });

  const [definition] = await store.definitions.list();
  const digest = definition?.files['nginx.conf'] ?? '';
  expect(Buffer.from((await store.blobs.get(digest)) ?? []).toString()).toBe('listen 80');
});

test('compile() makes the plan of the newest version, or of the one that is named', async () => {
  await apply(hello('old', '1.0.0'));
  await apply(hello('new', '1.1.0'));

  const newest = await registry.compile({ definition: 'hello', inputs: {} });
  const named = await registry.compile({ definition: 'hello@1.0.0', inputs: {} });

  expect(newest.plan.program.definition.version).toBe('1.1.0');
  expect(named.plan.program.definition.version).toBe('1.0.0');
});

test('compile() takes the only published inventory, and files that were published', async () => {
  const steps =
    '[{id: conf, uses: ssh.put, targets: "${{ inventory.hosts }}", with: {file: nginx.conf, dest: /etc/nginx.conf}, undo: none}]';
  await apply(document('Runbook', '{name: files, version: 1.0.0, owner: team/web}', `{steps: ${steps}}`), {
    'nginx.conf': 'eA==',
  });
  await apply(document('Inventory', '{name: lab}', '{hosts: [{name: web1, user: ops}]}'));

  const { plan, blobs } = await registry.compile({ definition: 'files', inputs: {} });

  expect(Object.values(plan.targetSets)).toMatchObject([{ count: 1 }]);
  expect(Object.values(blobs).map((bytes) => Buffer.from(bytes).toString())).toContain('x');
});

test.each([
  ['an unknown name', { definition: 'nothing', inputs: {} }, 'DEFINITION_NOT_FOUND'],
  ['an unknown input', { definition: 'hello', inputs: { colour: 'red' } }, 'DOCUMENT_INVALID'],
  ['an unknown inventory', { definition: 'hello', inputs: {}, inventory: 'moon' }, 'DOCUMENT_INVALID'],
])('compile() refuses %s', async (_what, request, code) => {
  await apply(hello('a'));

  await expect(registry.compile(request)).rejects.toMatchObject({ code });
});
