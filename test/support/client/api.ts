import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FastifyInstance } from 'fastify';

import { buildApp } from '../../../client/api/app';
import type { BackupEngine } from '../../../client/backup-engine';
import type { ChangeEngine } from '../../../client/change-engine';
import type { Engine } from '../../../client/engine';
import type { Registry } from '../../../client/registry';
import { RequestError } from '../../../client/api/errors';
import { openStore } from '../../../platform/store/open';
import { loadSigningKey } from '../../../platform/store/signing-key';
import type { Store } from '../../../platform/store/store';
import { fakeBackups } from './fake-backups';
import { fakeChanges } from './fake-changes';

export const token = 'test-token';

export interface TestApi {
  readonly app: FastifyInstance;
  readonly store: Store;
  close(): Promise<void>;
}

const noRegistry: Registry = {
  apply: () => Promise.reject(new RequestError('DOCUMENT_INVALID', 'Cannot publish: no registry in this test')),
  compile: () => Promise.reject(new RequestError('DEFINITION_NOT_FOUND', 'Cannot compile: no registry in this test')),
  calendars: { find: () => Promise.resolve({ kind: 'missing' }), list: () => Promise.resolve([]) },
};

/** The API over a store in a temporary file. */
export async function testApi(
  engine: Engine | ((store: Store) => Engine),
  registry: Registry = noRegistry,
  changes: (store: Store) => ChangeEngine = (store) => fakeChanges(store).engine,
  { backups = (store) => fakeBackups(store).engine }: { readonly backups?: (store: Store) => BackupEngine } = {},
): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-api-'));
  const store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  const app = buildApp({
    token,
    context: {
      engine: typeof engine === 'function' ? engine(store) : engine,
      changes: changes(store),
      backups: backups(store),
      store,
      registry,
      version: '0.0.0',
      signingKey: await loadSigningKey(join(folder, 'signing-key.pem')),
      workers: async () => ({ temporal: 'up', workers: 1 }),
    },
  });
  return {
    app,
    store,
    async close() {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const authorized = { authorization: `Bearer ${token}` };
