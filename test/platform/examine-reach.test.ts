import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../platform/config';
import type { Environment } from '../../platform/config';
import { examineCertificate, examineReach } from '../../platform/examine-reach';
import type { Finding } from '../../platform/finding';
import { makeCertificate } from '../support/certificate';
import type { CertificateFiles } from '../support/certificate';

const dayMs = 24 * 3_600_000;
const port = 7443;

let folder: string;
let files: CertificateFiles;
let other: CertificateFiles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-reach-'));
  files = await makeCertificate(folder, 'mainstay.test', 90);
  other = await makeCertificate(folder, 'other.test', 90);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each<[string, number, string | null, Finding['verdict'], string]>([
  ['good for long', 0, 'https://mainstay.test', 'ok', 'is good until'],
  ['good for an address', 0, 'https://127.0.0.1:7443', 'ok', 'is good until'],
  ['good for 31 days', 59, null, 'ok', 'is good until'],
  ['good for less than 30 days', 61, null, 'warn', 'is good until'],
  ['over', 91, null, 'fail', 'was good until'],
  ['not good yet', -1, null, 'fail', 'is not good yet'],
  ['of another name', 0, 'https://ops.example.org', 'warn', 'is not for "ops.example.org"'],
])('a certificate that is %s', async (_what, days, publicUrl, verdict, found) => {
  const nowMs = Date.now() + days * dayMs;

  expect(await examineCertificate({ ...files, port }, { publicUrl, nowMs })).toMatchObject({
    verdict,
    found: expect.stringContaining(found),
  });
});

test.each<[string, () => CertificateFiles, string]>([
  ['a key that is not its own', () => ({ ...files, keyFile: other.keyFile }), 'does not fit the key'],
  ['no file', () => ({ ...files, certificateFile: join(folder, 'nowhere') }), 'no such file'],
  ['a key in its place', () => ({ ...files, certificateFile: files.keyFile }), ''],
])('a certificate with %s is told, and what to look at', async (_what, given, found) => {
  const finding = await examineCertificate({ ...given(), port }, { publicUrl: null, nowMs: Date.now() });

  expect(finding).toMatchObject({ verdict: 'fail', found: expect.stringContaining(found) });
  expect(finding.advice).not.toBe('');
});

test.each<[string, Environment, { readonly [name: string]: Finding['verdict'] }]>([
  ['nothing is set', {}, { 'public address': 'ok', proxies: 'ok', certificate: 'ok' }],
  ['the address is in the clear', { MAINSTAY_PUBLIC_URL: 'http://ops.example.org' }, { 'public address': 'warn' }],
  ['it is this machine', { MAINSTAY_PUBLIC_URL: 'http://localhost:7380' }, { 'public address': 'ok', proxies: 'ok' }],
  [
    'nobody answers https',
    { MAINSTAY_PUBLIC_URL: 'https://ops.example.org' },
    { 'public address': 'ok', proxies: 'warn' },
  ],
  [
    'a proxy answers https',
    { MAINSTAY_PUBLIC_URL: 'https://ops.example.org', MAINSTAY_TRUSTED_PROXIES: '10.0.0.7' },
    { proxies: 'ok' },
  ],
  ['the proxy says who we are', { MAINSTAY_TRUSTED_PROXIES: '10.0.0.7' }, { proxies: 'warn' }],
  ['everybody is a proxy', { MAINSTAY_TRUSTED_PROXIES: '10.0.0.7, 0.0.0.0/0' }, { proxies: 'warn' }],
  ['everybody of IPv6 is a proxy', { MAINSTAY_TRUSTED_PROXIES: '::/0' }, { proxies: 'warn' }],
])('when %s, doctor tells it', async (_what, environment, verdicts) => {
  const findings = await examineReach(readConfig(environment));

  expect(Object.fromEntries(findings.map(({ name, verdict }) => [name, verdict]))).toMatchObject(verdicts);
});
