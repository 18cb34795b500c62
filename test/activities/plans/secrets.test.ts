import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { grantedSecrets, ownSecrets } from '../../../activities/plans/secrets';
import { loadText } from '../../../definitions/load';

let folder: string;
let reference: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-secrets-'));
  await writeFile(join(folder, 'token'), 's3cret\n');
  reference = `file:${join(folder, 'token')}`;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function team(secrets: string) {
  const text = `apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: web}\nspec: {members: [user/anna], secrets: [${secrets}]}\n`;
  return loadText('team.yaml', text).documents;
}

test('ownSecrets() resolves what the person at the command line can read', async () => {
  expect(await ownSecrets()(reference, '')).toBe('s3cret');
});

test('grantedSecrets() resolves what the owner team was granted', async () => {
  expect(await grantedSecrets(team(`'file:${folder}/'`))(reference, 'team/web')).toBe('s3cret');
});

test.each([
  ['another prefix', "'vault:ops/'", 'team/web'],
  ['another team', `'file:/'`, 'team/ops'],
  ['no team', `'file:/'`, ''],
])('grantedSecrets() refuses with %s', async (_what, granted, owner) => {
  await expect(grantedSecrets(team(granted))(reference, owner)).rejects.toThrow('holds no grant');
});
