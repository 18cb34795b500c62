import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';

import { Secret } from '../../platform/secret';
import { covers, createSecrets } from '../../platform/secrets';
import type { Secrets, SecretSources } from '../../platform/secrets';

let folder: string;
let vault: FastifyInstance;
let vaultAddress: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-secrets-'));
  await writeFile(join(folder, 'token'), 'from a file\n');
  vault = fastify();
  // Shaped by the published API of the key-value engine, version 2.
  vault.get('/v1/ops/data/team/api', async (request, reply) => {
    if (request.headers['x-vault-token'] !== 'root') return reply.code(403).send({ errors: ['permission denied'] });
    return { data: { data: { token: 'from vault', value: 'the usual field', number: 7 }, metadata: { version: 1 } } };
  });
  vaultAddress = await vault.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await vault.close();
  await rm(folder, { recursive: true, force: true });
});

function secrets(more: Partial<SecretSources> = {}): Secrets {
  return createSecrets({
    vault: { address: vaultAddress, token: new Secret('root'), namespace: null },
    environment: (name) => (name === 'KNOWN' ? new Secret('from the environment') : null),
    grants: () => Promise.resolve(['env:', 'file:/', 'vault:']),
    ...more,
  });
}

describe('resolve()', () => {
  test.each([
    ['env:KNOWN', 'from the environment'],
    ['vault:ops/team/api#token', 'from vault'],
    ['vault:ops/team/api', 'the usual field'],
  ])('%s', async (reference, expected) => {
    expect((await secrets().resolve(reference, 'team/web')).reveal()).toBe(expected);
  });

  test('file: gives the content without its last newline', async () => {
    expect((await secrets().resolve(`file:${join(folder, 'token')}`, 'team/web')).reveal()).toBe('from a file');
  });

  test.each([
    ['env:OTHER', 'SECRET_MISSING'],
    ['file:/nowhere/at/all', 'SECRET_MISSING'],
    ['vault:ops/other', 'SECRET_MISSING'],
    ['vault:ops/team/api#absent', 'SECRET_MISSING'],
    ['vault:ops/team/api#number', 'SECRET_MISSING'],
    ['vault:ops/../sys/mounts', 'SECRET_REFERENCE_INVALID'],
    ['file:/secrets/../etc/shadow', 'SECRET_REFERENCE_INVALID'],
    ['file:relative', 'SECRET_REFERENCE_INVALID'],
    ['plain text', 'SECRET_REFERENCE_INVALID'],
    ['', 'SECRET_REFERENCE_INVALID'],
  ])('%s is refused as %s', async (reference, code) => {
    await expect(secrets().resolve(reference, 'team/web')).rejects.toMatchObject({ code });
  });

  test('asks nobody for a secret that the owner team holds no grant on', async () => {
    let asked = false;
    const environment = (): Secret => {
      asked = true;
      return new Secret('x');
    };
    const grants = (owner: string): Promise<string[]> => Promise.resolve(owner === 'team/db' ? ['env:DB_'] : []);

    await expect(secrets({ environment, grants }).resolve('env:KNOWN', 'team/db')).rejects.toMatchObject({
      code: 'SECRET_NOT_GRANTED',
    });
    expect(asked).toBe(false);
  });

  test.each([
    { token: new Secret('wrong'), code: 'SECRET_PROVIDER_UNREACHABLE' },
    { token: null, code: 'SECRET_PROVIDER_UNREACHABLE' },
  ])('a Vault that refuses us is not a missing secret', async ({ token, code }) => {
    const refused = secrets({ vault: { address: vaultAddress, token, namespace: null } });

    const error: unknown = await refused.resolve('vault:ops/team/api', 'team/web').catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('wrong');
  });
});

test.each([
  ['vault:ops/', 'vault:ops/api#token', true],
  ['vault:ops', 'vault:ops/api#token', true],
  ['vault:ops', 'vault:opsec/api#token', false],
  ['vault:ops/api', 'vault:ops/api#token', true],
  ['vault:ops/api', 'vault:ops/apis#token', false],
  ['env:TOKEN', 'env:TOKEN', true],
  ['env:DB_', 'env:DB_PASSWORD', true],
  ['env:TOKEN', 'env:TOKEN_OF_OTHERS', false],
  ['', 'env:TOKEN', false],
])('a grant on "%s" covers "%s": %s', (prefix, reference, expected) => {
  expect(covers(prefix, reference)).toBe(expected);
});
