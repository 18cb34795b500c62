import { readFile } from 'node:fs/promises';

import { createLdapDirectory } from '../../../client/identity/ldap';
import { Secret } from '../../../platform/secret';
import type { LdapSettings } from '../../../platform/identity-settings';
import { freePort } from '../../../platform/free-port';
import { startSlapd } from '../../support/slapd';
import type { Slapd } from '../../support/slapd';

let slapd: Slapd;
let anna: string;

beforeAll(async () => {
  slapd = await startSlapd();
  anna = await slapd.addPerson('anna');
  const ben = await slapd.addPerson('ben');
  await slapd.addGroup('ops', [anna, ben]);
  await slapd.addGroup('approvers', [anna]);
  await slapd.addGroup('readers', [ben]);
}, 30_000);

afterAll(() => slapd.stop());

function settings(changes: Partial<LdapSettings> = {}): LdapSettings {
  return {
    url: slapd.url,
    startTls: false,
    certificateAuthority: null,
    bind: { dn: slapd.adminDn, password: new Secret(slapd.adminPassword) },
    base: slapd.base,
    personFilter: '(uid={login})',
    groupFilter: '(|(member={dn})(memberUid={login}))',
    groupName: 'cn',
    ...changes,
  };
}

test('groups of a person are those that have them as a member', async () => {
  expect(await createLdapDirectory(settings()).groupsOf('anna')).toEqual({
    kind: 'groups',
    groups: ['approvers', 'ops'],
  });
});

test('a change of members shows at the next question', async () => {
  const directory = createLdapDirectory(settings());
  const carl = await slapd.addPerson('carl');
  await slapd.addGroup('leads', [carl]);
  const before = await directory.groupsOf('carl');

  await slapd.setMembers('leads', [anna]);

  expect(before).toEqual({ kind: 'groups', groups: ['leads'] });
  expect(await directory.groupsOf('carl')).toEqual({ kind: 'groups', groups: [] });
  await slapd.setMembers('leads', [carl]);
});

test.each(['nobody', '*', 'anna)(uid=*', 'a*', '\\2a', '(', ''])(
  'a login of %j is looked for as it stands, and finds nobody',
  async (login) => {
    expect(await createLdapDirectory(settings()).groupsOf(login)).toEqual({ kind: 'groups', groups: [] });
  },
);

test('a name with letters that mean something to filters and names is one like any other', async () => {
  const login = 'o,brian+(dev)*';
  const dn = await slapd.addPerson(login);
  await slapd.addGroup('odd', [dn]);

  expect(await createLdapDirectory(settings()).groupsOf(login)).toEqual({ kind: 'groups', groups: ['odd'] });
});

test('of two people with one login none is meant', async () => {
  const first = await slapd.addPerson('twin');
  await slapd.addPerson('twin', 'robots');
  await slapd.addGroup('twins', [first]);

  expect(await createLdapDirectory(settings()).groupsOf('twin')).toEqual({ kind: 'groups', groups: [] });
});

test('a group may be named by another attribute', async () => {
  const directory = createLdapDirectory(settings({ groupName: 'member', groupFilter: '(cn=approvers)' }));

  expect(await directory.groupsOf('anna')).toEqual({ kind: 'groups', groups: [anna] });
});

test.each<[string, () => Partial<LdapSettings>]>([
  ['ldaps', () => ({ url: slapd.secureUrl })],
  ['StartTLS', () => ({ startTls: true })],
])('over %s the certificate is checked: a known authority is taken, an unknown one is not', async (_how, changes) => {
  const certificateAuthority = await readFile(slapd.certificateFile);

  const known = await createLdapDirectory(settings({ ...changes(), certificateAuthority })).groupsOf('anna');
  const unknown = await createLdapDirectory(settings(changes())).groupsOf('anna');

  expect(known).toEqual({ kind: 'groups', groups: ['approvers', 'ops'] });
  expect(unknown).toMatchObject({ kind: 'unavailable', reason: expect.stringMatching(/certificate/) });
});

test('a wrong password, no name and no server are told as away: nobody loses groups for good by them', async () => {
  const wrong = settings({ bind: { dn: slapd.adminDn, password: new Secret('guess') } });
  const none = settings({ bind: null });
  const away = settings({ url: `ldap://127.0.0.1:${await freePort()}` });

  for (const each of [wrong, none, away])
    expect(await createLdapDirectory(each).groupsOf('anna')).toMatchObject({ kind: 'unavailable' });
});

test('no password stands in what is told of a failure', async () => {
  const wrong = settings({ bind: { dn: slapd.adminDn, password: new Secret('hunter2-secret') } });

  expect(JSON.stringify(await createLdapDirectory(wrong).groupsOf('anna'))).not.toContain('hunter2');
});
