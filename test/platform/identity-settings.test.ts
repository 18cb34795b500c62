import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { readConfig } from '../../platform/config';
import type { Environment } from '../../platform/config';

const oidc = {
  MAINSTAY_OIDC_ISSUER: 'https://id.example.org/realms/ops',
  MAINSTAY_OIDC_CLIENT_ID: 'mainstay',
  MAINSTAY_OIDC_CLIENT_SECRET: 'tops3cret',
  MAINSTAY_PUBLIC_URL: 'https://mainstay.example.org',
};
const ldap = {
  MAINSTAY_LDAP_URL: 'ldaps://ldap.example.org',
  MAINSTAY_LDAP_BASE: 'dc=example,dc=org',
  MAINSTAY_LDAP_BIND_DN: 'cn=reader,dc=example,dc=org',
  MAINSTAY_LDAP_BIND_PASSWORD: 'tops3cret',
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-settings-'));
  await writeFile(join(folder, 'secret'), 'from-a-file\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('without settings nobody outside tells us who people are', () => {
  expect(readConfig({}).identity).toEqual({ oidc: null, ldap: null });
});

test('a provider and a directory are read with what is usual, and their secrets are not shown', () => {
  const { identity } = readConfig({ ...oidc, ...ldap });

  expect(identity).toMatchObject({
    oidc: {
      issuer: 'https://id.example.org/realms/ops',
      clientId: 'mainstay',
      scopes: ['openid', 'profile', 'email'],
      loginClaim: null,
      groupsClaim: 'groups',
    },
    ldap: {
      url: 'ldaps://ldap.example.org',
      startTls: false,
      base: 'dc=example,dc=org',
      personFilter: '(uid={login})',
      groupFilter: '(|(member={dn})(uniqueMember={dn})(memberUid={login}))',
      groupName: 'cn',
    },
  });
  expect(identity.oidc?.clientSecret?.reveal()).toBe('tops3cret');
  expect(identity.ldap?.bind?.password.reveal()).toBe('tops3cret');
  expect(inspect(identity, { depth: 6 })).not.toContain('tops3cret');
});

test('secrets may lie in files, whose last line feed is none of them', () => {
  const { identity } = readConfig({
    ...oidc,
    ...ldap,
    MAINSTAY_OIDC_CLIENT_SECRET: undefined,
    MAINSTAY_OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'),
    MAINSTAY_LDAP_BIND_PASSWORD: undefined,
    MAINSTAY_LDAP_BIND_PASSWORD_FILE: join(folder, 'secret'),
  });

  expect(identity.oidc?.clientSecret?.reveal()).toBe('from-a-file');
  expect(identity.ldap?.bind?.password.reveal()).toBe('from-a-file');
});

test('a provider on this machine needs no TLS', () => {
  const local = { ...oidc, MAINSTAY_OIDC_ISSUER: 'http://127.0.0.1:9', MAINSTAY_PUBLIC_URL: 'http://localhost:7380' };

  expect(readConfig(local).identity.oidc?.issuer).toBe('http://127.0.0.1:9');
});

test.each<[string, Environment, string]>([
  ['an issuer without a client', { ...oidc, MAINSTAY_OIDC_CLIENT_ID: undefined }, 'MAINSTAY_OIDC_CLIENT_ID'],
  ['a client without an issuer', { MAINSTAY_OIDC_CLIENT_ID: 'mainstay' }, 'MAINSTAY_OIDC_ISSUER'],
  ['an issuer without an address that leads back', { ...oidc, MAINSTAY_PUBLIC_URL: undefined }, 'MAINSTAY_PUBLIC_URL'],
  ['an issuer in the clear', { ...oidc, MAINSTAY_OIDC_ISSUER: 'http://id.example.org' }, 'MAINSTAY_OIDC_ISSUER'],
  ['cookies in the clear', { ...oidc, MAINSTAY_PUBLIC_URL: 'http://mainstay.example.org' }, 'MAINSTAY_PUBLIC_URL'],
  ['scopes without openid', { ...oidc, MAINSTAY_OIDC_SCOPES: 'profile email' }, 'MAINSTAY_OIDC_SCOPES'],
  ['two secrets', { ...oidc, MAINSTAY_OIDC_CLIENT_SECRET_FILE: '/dev/null' }, 'MAINSTAY_OIDC_CLIENT_SECRET_FILE'],
  [
    'a secret that cannot be read',
    { ...oidc, MAINSTAY_OIDC_CLIENT_SECRET: undefined, MAINSTAY_OIDC_CLIENT_SECRET_FILE: '/nowhere' },
    'MAINSTAY_OIDC_CLIENT_SECRET_FILE',
  ],
  ['a directory without a base', { ...ldap, MAINSTAY_LDAP_BASE: undefined }, 'MAINSTAY_LDAP_BASE'],
  ['a base without a directory', { MAINSTAY_LDAP_BASE: 'dc=x' }, 'MAINSTAY_LDAP_URL'],
  ['a name without a password', { ...ldap, MAINSTAY_LDAP_BIND_PASSWORD: undefined }, 'MAINSTAY_LDAP_BIND_PASSWORD'],
  ['a password without a name', { ...ldap, MAINSTAY_LDAP_BIND_DN: undefined }, 'MAINSTAY_LDAP_BIND_DN'],
  ['TLS within TLS', { ...ldap, MAINSTAY_LDAP_START_TLS: 'yes' }, 'MAINSTAY_LDAP_START_TLS'],
  ['a filter that is none', { ...ldap, MAINSTAY_LDAP_GROUP_FILTER: 'member={dn}' }, 'MAINSTAY_LDAP_GROUP_FILTER'],
])('%s is refused by the name of a setting', (_what, environment, name) => {
  expect(() => readConfig(environment)).toThrow(name);
});

const overTheNetwork = 'ldap://ldap.example.org';

test.each<[string, Environment, string | null]>([
  [
    'ldap:// elsewhere',
    { MAINSTAY_LDAP_URL: overTheNetwork },
    'MAINSTAY_LDAP_URL: Expected ldaps://, or MAINSTAY_LDAP_START_TLS=yes',
  ],
  ['ldap:// to another address', { MAINSTAY_LDAP_URL: 'ldap://10.0.0.7:389' }, 'MAINSTAY_LDAP_URL'],
  [
    'ldap:// elsewhere, encrypted by StartTLS',
    { MAINSTAY_LDAP_URL: overTheNetwork, MAINSTAY_LDAP_START_TLS: 'yes' },
    null,
  ],
  ['ldap:// on this machine', { MAINSTAY_LDAP_URL: 'ldap://localhost:1389' }, null],
  ['ldap:// on this machine by address', { MAINSTAY_LDAP_URL: 'ldap://127.0.0.1' }, null],
  ['ldap:// on this machine by IPv6', { MAINSTAY_LDAP_URL: 'ldap://[::1]:389' }, null],
  ['ldaps:// elsewhere', {}, null],
])('%s: passwords and groups do not cross a network in the clear', (_what, changes, problem) => {
  const read = () => readConfig({ ...ldap, ...changes });

  if (problem === null) expect(read().identity.ldap).not.toBeNull();
  else expect(read).toThrow(problem);
});
