import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GrantBook } from '../../client/access-grants';
import type { Grantee } from '../../client/access-grants';
import { openStore } from '../../platform/store/open';
import type { Store } from '../../platform/store/store';
import { grantText, publish } from '../support/client/signed-in';

let folder: string;
let store: Store;
let book: GrantBook;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-grants-'));
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  now = 1_000;
  book = new GrantBook(store, () => now);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** A second later: by then a change has taken effect. */
async function rolesOf(actor: string, rest: Partial<Grantee> = {}): Promise<readonly string[]> {
  now += 1_000;
  const grants = await book.grantsOf({ actor, given: null, groups: [], ...rest });
  return grants.map(({ role, where }) => (where === null ? role : `${role} ${JSON.stringify(where)}`));
}

const everything = [{ role: 'admin', where: null }] as const;

test('an installation without grants is open to whom the holder of the admin token signs in, and to nobody else', async () => {
  expect([await rolesOf('user/anna'), await rolesOf('user/anna', { given: [] })]).toEqual([['admin'], []]);
});

test('with the first grant it is closed to whoever has none', async () => {
  await publish(store, grantText('ops', '{role: operator, people: [user/ben]}'));

  expect([await rolesOf('user/anna'), await rolesOf('user/ben')]).toEqual([[], ['operator']]);
});

test('what a link gives stays given when there are grants, and adds up with them', async () => {
  await publish(store, grantText('ops', '{role: operator, people: [user/anna]}'));

  expect(await rolesOf('user/anna', { given: everything })).toEqual(['admin', 'operator']);
});

test('grants go by name, by published team and by group, within their selectors', async () => {
  const team = 'apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: web}\nspec: {members: [user/anna]}\n';
  await publish(
    store,
    [
      team,
      grantText('a', '{role: viewer, people: [user/anna, service/ci]}'),
      grantText('b', '{role: operator, teams: [team/web], where: {service: [shop, pay*]}}'),
      grantText('c', '{role: auditor, groups: [audit]}'),
    ].join('---\n'),
  );

  expect(await rolesOf('user/anna', { groups: ['audit', 'other'] })).toEqual([
    'viewer',
    'operator {"service":["shop","pay*"]}',
    'auditor',
  ]);
  expect(await rolesOf('service/ci', { groups: ['web'] })).toEqual(['viewer']);
});

test('a change of a grant or of a team takes effect within a second, and not before somebody looks', async () => {
  await publish(store, grantText('ops', '{role: operator, people: [user/anna]}'));
  const before = await rolesOf('user/anna');
  await publish(store, grantText('ops', '{role: operator, people: []}'));

  const after = await rolesOf('user/anna');

  expect([before, after]).toEqual([['operator'], []]);
});

test('a grant of which nobody is left keeps the installation closed', async () => {
  await publish(store, grantText('ops', '{role: operator, people: []}'));

  expect(await rolesOf('user/anna')).toEqual([]);
});

test.each(['user/anna', 'user/Anna', 'user/ANNA'])(
  '%s has left with anna, and may nothing, whatever was given',
  async (actor) => {
    const left = 'apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: anna}\nspec: {active: false}\n';
    await publish(store, `${left}---\n${grantText('ops', '{role: operator, people: [user/anna], groups: [ops]}')}`);

    expect(await rolesOf(actor, { given: everything, groups: ['ops'] })).toEqual([]);
    expect(await book.hasLeft(actor)).toBe(true);
  },
);

test.each([
  ['nobody at all', '{role: operator}', 'neither people nor teams nor groups'],
  ['a role that there is not', '{role: root, people: [user/a]}', 'role'],
  ['a team that nobody published', '{role: viewer, teams: [team/web]}', 'Team "web"'],
  ['an empty selector', '{role: viewer, people: [user/a], where: {}}', 'where'],
  ['a star in the middle', '{role: viewer, people: [user/a], where: {service: ["s*p"]}}', 'service'],
])('a grant that names %s is not published', async (_what, spec, told) => {
  await expect(publish(store, grantText('bad', spec))).rejects.toMatchObject({
    message: expect.stringContaining(told),
  });
});
