import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eligibility, Teams } from '../../../activities/lookups/teams';
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

describe('eligibility()', () => {
  test.each([
    { actor: 'user/ben', candidates: ['team/web'], excludeRequester: true, eligible: true },
    { actor: 'user/eve', candidates: ['user/eve'], excludeRequester: true, eligible: true },
    { actor: 'user/eve', candidates: ['team/web'], excludeRequester: true, eligible: false },
    { actor: 'user/anna', candidates: ['team/web'], excludeRequester: true, eligible: false },
    { actor: 'user/anna', candidates: ['team/web'], excludeRequester: false, eligible: true },
    { actor: 'user/ben', candidates: ['team/nobody-published'], excludeRequester: true, eligible: false },
    // A team does not vote: its members do.
    { actor: 'team/web', candidates: ['team/web'], excludeRequester: true, eligible: false },
    { actor: 'user/ben', candidates: [], excludeRequester: true, eligible: false },
  ])('R-APPR: $actor for $candidates is $eligible', async ({ actor, candidates, excludeRequester, eligible }) => {
    const asked = { actor, candidates, requester: 'user/anna', excludeRequester };

    expect((await eligibility(new Teams(store), asked)).eligible).toBe(eligible);
  });

  test('who has joined the team since may answer, and who has left may not', async () => {
    await publish('ops', '1.0.0', 'spec: {members: [user/cem]}');
    await publish('ops', '1.1.0', 'spec: {members: [user/dan]}');
    const teams = new Teams(store);

    expect(await teams.members('team/ops')).toEqual(['user/dan']);
  });
});

test('grants() are the prefixes that the team was given', async () => {
  expect(await new Teams(store).grants('team/web')).toEqual(['vault:web/']);
  expect(await new Teams(store).grants('team/nobody')).toEqual([]);
});
