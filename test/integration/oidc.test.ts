import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { freePort } from '../../platform/free-port';
import { makeCertificate } from '../support/certificate';
import { startOidcProvider } from '../support/oidc-provider';
import type { TestProvider } from '../support/oidc-provider';
import { startSlapd } from '../support/slapd';
import type { Slapd } from '../support/slapd';
import { bootMs, mainstay, startUp, upPlace } from '../support/up-process';
import type { UpPlace, UpProcess } from '../support/up-process';
import { signInAtProvider, WalkingBrowser } from '../support/walking-browser';

const grants = `apiVersion: mainstay/v1
kind: Grant
metadata: {name: operators}
spec: {role: operator, groups: [ops], where: {service: [shop]}}
---
apiVersion: mainstay/v1
kind: Grant
metadata: {name: readers}
spec: {role: viewer, groups: [unix-staff]}
`;

const Me = z.looseObject({ actor: z.string(), grants: z.array(z.object({ role: z.string(), where: z.unknown() })) });

const Findings = z.object({ findings: z.array(z.looseObject({ name: z.string(), verdict: z.string() })) });

let folder: string;
let provider: TestProvider;
let slapd: Slapd;
let place: UpPlace;
let up: UpProcess;
let securePort: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-oidc-up-'));
  const port = await freePort();
  securePort = await freePort();
  provider = await startOidcProvider({ clientUrl: `http://127.0.0.1:${port}` });
  provider.people.set('anna', ['ops']);
  provider.people.set('eve', ['sales']);
  slapd = await startSlapd();
  await slapd.addGroup('unix-staff', [await slapd.addPerson('anna')]);
  const { certificateFile, keyFile } = await makeCertificate(folder, 'mainstay.test');
  await writeFile(join(folder, 'secret'), `${provider.clientSecret}\n`);
  place = upPlace(folder, {
    MAINSTAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    MAINSTAY_OIDC_ISSUER: provider.issuer,
    MAINSTAY_OIDC_CLIENT_ID: provider.clientId,
    MAINSTAY_OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'),
    MAINSTAY_OIDC_SCOPES: 'openid profile groups offline_access',
    MAINSTAY_LDAP_URL: slapd.url,
    MAINSTAY_LDAP_BASE: slapd.base,
    MAINSTAY_LDAP_BIND_DN: slapd.adminDn,
    MAINSTAY_LDAP_BIND_PASSWORD: slapd.adminPassword,
    MAINSTAY_TLS_CERTIFICATE_FILE: certificateFile,
    MAINSTAY_TLS_KEY_FILE: keyFile,
    MAINSTAY_TLS_PORT: String(securePort),
  });
  up = await startUp(place, '--port', String(port));
  await writeFile(join(folder, 'grants.yaml'), grants);
}, bootMs + 30_000);

afterAll(async () => {
  await up.stop('SIGTERM');
  await slapd.stop();
  await provider.stop();
  await rm(folder, { recursive: true, force: true });
}, bootMs);

beforeEach(() => {
  // The provider tells of its own defaults.
  jest.spyOn(console, 'info').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
});

async function signedIn(login: string): Promise<WalkingBrowser> {
  const browser = new WalkingBrowser();
  await signInAtProvider(browser, `${up.info.url}/auth/oidc/start?to=/api/v1/me`, { login });
  return browser;
}

async function grantsOf(browser: WalkingBrowser): Promise<unknown> {
  const { status, body } = await browser.go(`${up.info.url}/api/v1/me`);
  return status === 200 ? Me.parse(JSON.parse(body)).grants : status;
}

test('before anything is published a sign-in by the provider gives nothing', async () => {
  expect(await grantsOf(await signedIn('anna'))).toEqual([]);
});

test(
  'groups of the provider and of the directory give what is published for them, and no group gives nothing',
  async () => {
    const applied = await mainstay(place, 'apply', join(folder, 'grants.yaml'));

    const [anna, eve] = [await signedIn('anna'), await signedIn('eve')];

    expect(applied).toMatchObject({ exitCode: 0 });
    expect(await grantsOf(anna)).toEqual(
      expect.arrayContaining([
        { role: 'operator', where: { service: ['shop'] } },
        { role: 'viewer', where: null },
      ]),
    );
    expect(await grantsOf(eve)).toEqual([]);
    expect(await eve.go(`${up.info.url}/api/v1/runs`)).toMatchObject({ status: 403 });
  },
  bootMs,
);

test('a change of groups takes effect', async () => {
  provider.people.set('anna', ['sales']);
  await slapd.setMembers('unix-staff', [slapd.adminDn]);

  expect(await grantsOf(await signedIn('anna'))).toEqual([]);

  provider.people.set('anna', ['ops']);
});

test(
  'a login is who signed in with it first: a new name there makes nobody somebody else, until it is freed',
  async () => {
    const anna = await signedIn('anna');
    provider.people.set('mallory', ['ops']);
    provider.names.set('anna', 'ann.miller').set('mallory', 'Anna');

    const taken = await signedIn('mallory');
    const renamed = Me.parse(JSON.parse((await (await signedIn('anna')).go(`${up.info.url}/api/v1/me`)).body));
    const freed = await mainstay(place, 'person', 'unbind', 'anna');
    const next = await signedIn('mallory');

    expect([await grantsOf(taken), renamed.actor, freed.exitCode]).toEqual([401, 'user/anna', 0]);
    expect(freed.stdout).toContain(`it was of subject anna at ${provider.issuer}`);
    expect([await grantsOf(anna), (await grantsOf(next)) === 401]).toEqual([401, false]);
    expect(await mainstay(place, 'audit', 'verify', '--all')).toMatchObject({ exitCode: 0 });

    await mainstay(place, 'person', 'unbind', 'Anna');
    provider.names.clear();
  },
  bootMs,
);

test(
  'doctor finds provider, directory and certificate as they are set up, and shows no secret',
  async () => {
    const { stdout } = await mainstay(place, 'doctor', '--json');

    const { findings } = Findings.parse(JSON.parse(stdout));
    const verdicts = Object.fromEntries(findings.map(({ name, verdict }) => [name, verdict]));
    // The certificate of this test is good for two days.
    expect(verdicts).toMatchObject({ 'sign-in': 'ok', directory: 'ok', certificate: 'warn', 'public address': 'ok' });
    expect(stdout).not.toContain(provider.clientSecret);
    expect(stdout).not.toContain(slapd.adminPassword);
  },
  bootMs,
);

test('whoever has signed out is nobody, with the same cookie too', async () => {
  const browser = await signedIn('anna');
  const cookies = new Map(browser.cookies);

  await browser.go(`${up.info.url}/auth/oidc/end`, { until: () => true });
  for (const [name, cookie] of cookies) browser.cookies.set(name, cookie);

  expect(await grantsOf(browser)).toBe(401);
});

test('whoever is not signed in is told that the provider is a way', async () => {
  const { status, body } = await new WalkingBrowser().go(`${up.info.url}/api/v1/me`);

  expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 401, body: { oidc: true } });
});

test('others reach it by TLS with the certificate of the files', async () => {
  const ca = await readFile(join(folder, 'mainstay.test.crt'));
  const url = `https://127.0.0.1:${securePort}/healthz`;

  const [response]: IncomingMessage[] = await once(get(url, { ca, servername: 'mainstay.test' }), 'response');

  expect(response?.statusCode).toBe(200);
  expect(response?.headers['strict-transport-security']).toBe('max-age=63072000');
  response?.resume();
});

test('no secret and no token stands in the logs', async () => {
  const log = await readFile(join(place.data, 'logs', 'api.log'), 'utf8');

  expect(log).not.toContain(provider.clientSecret);
  expect(log).not.toContain(slapd.adminPassword);
  expect(log).not.toMatch(/[?&]code=/);
});
