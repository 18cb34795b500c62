import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Teams } from '../../../activities/lookups/teams';
import { digestOf } from '../../../platform/store/blobs';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';

let folder: string;
let store: Store;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-teams-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  await publish('web', '1.0.0', 'spec: {members: [user/anna, user/ben], secrets: ["vault:web/"]}');
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(name: string, version: string, text: string): Promise<void> {
  const by = { actor: 'user/admin', via: 'cli', at: 0 };
  const digest = digestOf(Buffer.from(text));
  await store.definitions.publish({ kind: 'Team', name, version, digest, text, files: {} }, by);
}

test('grants() of a team are those that it was given last', async () => {
  await publish('ops', '1.0.0', 'spec: {members: [], secrets: ["vault:ops/"]}');
  await publish('ops', '1.1.0', 'spec: {members: [], secrets: ["vault:new/"]}');

  expect(await new Teams(store).grants('team/ops')).toEqual(['vault:new/']);
});

test('grants() are the prefixes that the team was given', async () => {
  expect(await new Teams(store).grants('team/web')).toEqual(['vault:web/']);
  expect(await new Teams(store).grants('team/nobody')).toEqual([]);
});
