import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FastifyInstance } from 'fastify';

import { buildApp } from '../../../client/api/app';
import { loopbackPerimeter } from '../../../client/api/perimeter';
import type { Perimeter } from '../../../client/api/perimeter';
import type { BackupEngine } from '../../../client/backup-engine';
import type { ChangeEngine } from '../../../client/change-engine';
import type { Engine } from '../../../client/engine';
import { createIdentity } from '../../../client/identity/identity';
import { createLive } from '../../../client/live';
import type { Live } from '../../../client/live';
import type { Registry } from '../../../client/registry';
import { RequestError } from '../../../client/api/errors';
import { createCheckpointer } from '../../../client/evidence/checkpointer';
import { createLogger } from '../../../platform/logger';
import { openStore } from '../../../platform/store/open';
import { loadSigningKey } from '../../../platform/store/signing-key';
import type { Store } from '../../../platform/store/store';
import { fakeBackups } from './fake-backups';
import { fakeChanges } from './fake-changes';

export const token = 'test-token';

export interface TestApi {
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly live: Live;
  close(): Promise<void>;
}

/** Nothing is published. */
export const noRegistry: Registry = {
  apply: () => Promise.reject(new RequestError('DOCUMENT_INVALID', 'Cannot publish: no registry in this test')),
  compile: () => Promise.reject(new RequestError('DEFINITION_NOT_FOUND', 'Cannot compile: no registry in this test')),
  scopeOf: () => Promise.resolve(null),
  calendars: { find: () => Promise.resolve({ kind: 'missing' }), list: () => Promise.resolve([]) },
  drafts: {
    check: () => Promise.resolve([]),
    preview: () => Promise.resolve({ ok: false, problems: [] }),
    inventories: () => Promise.resolve([]),
    inventory: () => Promise.reject(new RequestError('DEFINITION_NOT_FOUND', 'Cannot find: no registry in this test')),
  },
  changeModels: () => Promise.resolve([]),
};

interface Surroundings {
  readonly backups?: (store: Store) => BackupEngine;
  /** Of sessions and tokens. */
  readonly now?: () => number;
  readonly perimeter?: Perimeter;
}

/** The API over a store in a temporary file. */
export async function testApi(
  engine: Engine | ((store: Store) => Engine),
  registry: Registry = noRegistry,
  changes: (store: Store) => ChangeEngine = (store) => fakeChanges(store).engine,
  {
    backups = (store) => fakeBackups(store).engine,
    now = () => Date.now(),
    perimeter = loopbackPerimeter,
  }: Surroundings = {},
): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-api-'));
  const store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  const signingKey = await loadSigningKey(join(folder, 'signing-key.pem'));
  const logger = createLogger('test', 'silent');
  const live = createLive(store);
  const app = buildApp({
    token,
    perimeter,
    context: {
      engine: typeof engine === 'function' ? engine(store) : engine,
      changes: changes(store),
      backups: backups(store),
      store,
      identity: createIdentity({ store, adminToken: token, now }),
      live,
      registry,
      version: '0.0.0',
      signingKey,
      checkpointer: createCheckpointer({
        store,
        key: signingKey,
        file: null,
        stamp: null,
        logger,
        now: () => Date.now(),
      }),
      reachable: () => ['mail'],
      workers: async () => ({ temporal: 'up', workers: 1 }),
    },
  });
  return {
    app,
    store,
    live,
    async close() {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const authorized = { authorization: `Bearer ${token}` };

/** A POST where there is a body. */
export async function askApi(
  { app }: TestApi,
  url: string,
  { headers, body }: { readonly headers: Record<string, string>; readonly body?: object | undefined },
) {
  const response = await app.inject({
    method: body === undefined ? 'GET' : 'POST',
    url: `/api/v1${url}`,
    headers,
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: response.statusCode, body: response.json(), setCookie: response.headers['set-cookie'] };
}
