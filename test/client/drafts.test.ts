import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRegistry } from '../../client/published-registry';
import type { Registry } from '../../client/registry';
import { openStore } from '../../platform/store/open';
import type { Store } from '../../platform/store/store';
import { publish } from '../support/client/signed-in';

let folder: string;
let store: Store;
let registry: Registry;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-drafts-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  registry = createRegistry(store);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function runbook(step: string): string {
  return `apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {name: greet, version: 1.0.0, title: Greet, owner: team/web}\nspec:\n  steps:\n${step}`;
}

const greet = runbook('    - {id: hello, uses: core.echo, with: {message: hello}}\n');

function source(text: string) {
  return { name: 'greet.yaml', text, files: {} };
}

const everything = (): boolean => true;

test('a draft is checked as if it were to be published, and nothing of it is kept', async () => {
  const problems = await registry.drafts.check(
    [source('apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {nome: x}\n')],
    everything,
  );

  expect(problems).toEqual(
    expect.arrayContaining([expect.objectContaining({ file: 'greet.yaml', line: expect.any(Number) })]),
  );
  expect(await store.definitions.list()).toEqual([]);
});

test('a draft gives the plan that it would give if it were published', async () => {
  const preview = await registry.drafts.preview({ sources: [source(greet)], inputs: {} }, everything);

  expect(preview).toMatchObject({ ok: true, bundle: { plan: { program: { definition: { name: 'greet' } } } } });
});

test('a draft uses an inventory only where its author may see it', async () => {
  const label = 'labels: {service: pay}';
  await publish(
    store,
    `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: vault, ${label}}\nspec: {hosts: [{name: secret1}]}\n`,
  );
  const request = { sources: [source(greet)], inputs: {}, inventory: 'vault' };

  const seen = await registry.drafts.preview(request, everything);
  const hidden = await registry.drafts.preview(request, (_kind, scope) => scope['service'] === undefined);

  expect(seen).toMatchObject({ ok: true });
  expect(hidden).toMatchObject({ ok: false, problems: [{ code: 'UNKNOWN_REFERENCE' }] });
  expect(JSON.stringify(hidden)).not.toContain('secret1');
});

test('an inventory of a draft that asks a command is not asked', async () => {
  const proof = join(folder, 'was-run');
  const asking = `---\napiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: web}\nspec: {source: {command: [touch, ${proof}]}}\n`;

  await registry.drafts.preview({ sources: [source(`${greet}${asking}`)], inputs: {}, inventory: 'web' }, everything);

  await expect(writeFile(proof, '', { flag: 'wx' })).resolves.toBeUndefined();
});

test.each(['/etc/hostname', '../../etc/hostname', 'hosts.yaml'])(
  'an inventory that is named "%s" is a name, never a file of this machine',
  async (inventory) => {
    await publish(store, greet);
    const refusal = expect.objectContaining({ code: 'UNKNOWN_REFERENCE' });

    const preview = await registry.drafts.preview({ sources: [source(greet)], inputs: {}, inventory }, everything);
    const compiled = registry.compile({ definition: 'greet', inputs: {}, inventory });

    expect(preview).toMatchObject({ ok: false, problems: [refusal] });
    await expect(compiled).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
  },
);

test('hosts of a published inventory are those of its newest version', async () => {
  const inventory = (version: string, host: string): string =>
    `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: web, version: ${version}}\nspec: {hosts: [{name: ${host}}]}\n`;
  await publish(store, inventory('1.0.0', 'old1'));
  await publish(store, inventory('1.10.0', 'new1'));
  await publish(store, inventory('1.9.0', 'mid1'));

  const [listed, ...others] = await registry.drafts.inventories(everything);
  const { hosts } = await registry.drafts.inventory('web');

  expect([listed?.metadata.version, others]).toEqual(['1.10.0', []]);
  expect(hosts.map(({ name }) => name)).toEqual(['new1']);
});
