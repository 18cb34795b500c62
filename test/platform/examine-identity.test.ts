import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import { readConfig } from '../../platform/config';
import type { Environment } from '../../platform/config';
import { examineIdentity } from '../../platform/examine-identity';
import type { Finding } from '../../platform/finding';
import { freePort } from '../../platform/free-port';
import { startOidcProvider } from '../support/oidc-provider';
import type { TestProvider } from '../support/oidc-provider';
import { startSlapd } from '../support/slapd';
import type { Slapd } from '../support/slapd';

let provider: TestProvider;
let slapd: Slapd;

beforeAll(async () => {
  jest.spyOn(console, 'info').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
  provider = await startOidcProvider({ clientUrl: 'http://127.0.0.1:1' });
  slapd = await startSlapd();
}, 30_000);

afterAll(async () => {
  jest.restoreAllMocks();
  await provider.stop();
  await slapd.stop();
});

async function look(environment: Environment): Promise<readonly Finding[]> {
  const findings = await examineIdentity(readConfig(environment).identity);
  expect(JSON.stringify(findings)).not.toMatch(/hunter2|test-client-secret/);
  return findings;
}

function oidc(issuer: string): Environment {
  return {
    MAINSTAY_OIDC_ISSUER: issuer,
    MAINSTAY_OIDC_CLIENT_ID: 'mainstay',
    MAINSTAY_OIDC_CLIENT_SECRET: 'hunter2',
    MAINSTAY_PUBLIC_URL: 'https://ops.example.org',
  };
}

function ldap(changes: Environment = {}): Environment {
  return {
    MAINSTAY_LDAP_URL: slapd.url,
    MAINSTAY_LDAP_BASE: slapd.base,
    MAINSTAY_LDAP_BIND_DN: slapd.adminDn,
    MAINSTAY_LDAP_BIND_PASSWORD: slapd.adminPassword,
    ...changes,
  };
}

test('without a provider people sign in by links, and nothing is wrong with that', async () => {
  expect(await look({})).toEqual([
    { name: 'sign-in', verdict: 'ok', found: 'by links only: no OpenID provider is set up', advice: '' },
  ]);
});

test('a provider that answers is told with the number of its keys', async () => {
  expect(await look(oidc(provider.issuer))).toMatchObject([
    { name: 'sign-in', verdict: 'ok', found: `${provider.issuer} answers, with 1 key` },
  ]);
});

test('a provider that fails, or is not there, is told', async () => {
  provider.fail(true);
  const failing = await look(oidc(provider.issuer));
  provider.fail(false);
  const silent = await look(oidc(`http://127.0.0.1:${await freePort()}`));

  for (const [finding] of [failing, silent])
    expect(finding).toMatchObject({ verdict: 'fail', advice: expect.stringContaining('MAINSTAY_OIDC_ISSUER') });
});

test.each<[string, (issuer: string) => object, object, Finding['verdict'], string]>([
  ['is another one', () => ({ issuer: 'https://evil.example' }), { keys: [{ use: 'sig' }] }, 'fail', 'as expected'],
  ['has no keys for signatures', () => ({}), { keys: [{ use: 'enc' }] }, 'fail', 'shows no key'],
  ['has keys that are none', () => ({}), { keys: 'x' }, 'fail', 'as expected'],
  ['does not know PKCE', () => ({}), { keys: [{}] }, 'warn', 'PKCE'],
])('a provider that %s is told', async (_what, metadata, keys, verdict, found) => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const { port } = portOf(server.address());
    const issuer = `http://127.0.0.1:${port}`;
    const discovery = {
      issuer,
      jwks_uri: `${issuer}/keys`,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      ...metadata(issuer),
    };
    response.end(JSON.stringify(request.url === '/keys' ? keys : discovery));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const [finding] = await look(oidc(`http://127.0.0.1:${portOf(server.address()).port}`));
  server.closeAllConnections();
  server.close();

  expect(finding).toMatchObject({ verdict, found: expect.stringContaining(found) });
});

test.each<[string, () => Environment, Finding['verdict'], string]>([
  ['answers', () => ldap(), 'ok', 'answers "'],
  ['refuses who asks', () => ldap({ MAINSTAY_LDAP_BIND_PASSWORD: 'hunter2' }), 'fail', 'does not answer as expected'],
  ['has no such base', () => ldap({ MAINSTAY_LDAP_BASE: 'dc=nowhere' }), 'fail', 'does not answer as expected'],
])('a directory that %s is told', async (_what, environment, verdict, found) => {
  const findings = await look(environment());

  expect(findings).toMatchObject([
    { name: 'sign-in' },
    { name: 'directory', verdict, found: expect.stringContaining(found) },
  ]);
});

function portOf(address: string | AddressInfo | null): AddressInfo {
  if (typeof address !== 'object' || address === null) throw new Error('Cannot find the port: no address');
  return address;
}
