import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fastify from 'fastify';

import { createIdentity } from '../../../client/identity/identity';
import type { GroupDirectory } from '../../../client/identity/ldap';
import { createOidcProvider } from '../../../client/identity/oidc';
import { addOidcRoutes } from '../../../client/identity/oidc-routes';
import { createRenewal } from '../../../client/identity/renewal';
import { freePort } from '../../../platform/free-port';
import { Secret } from '../../../platform/secret';
import { createSeal } from '../../../platform/seal';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { startOidcProvider } from '../../support/oidc-provider';
import type { TestProvider, TestProviderOptions } from '../../support/oidc-provider';
import type { WalkingBrowser } from '../../support/walking-browser';

/** Sign-in by a real provider, with sessions in a store of their own, and a clock that can be put forward. */
export interface OidcInstallation {
  readonly url: string;
  readonly provider: TestProvider;
  readonly store: Store;
  /** Who has left. */
  readonly gone: Set<string>;
  /** Who a browser is, and their groups; null: nobody. */
  whoIs(browser: WalkingBrowser): Promise<Whoever | null>;
  passMs(ms: number): void;
  stop(): Promise<void>;
}

export interface Whoever {
  readonly actor: string;
  readonly groups: readonly string[];
}

export interface OidcInstallationOptions extends Omit<TestProviderOptions, 'clientUrl'> {
  readonly directory?: GroupDirectory;
}

export async function startOidcInstallation(options: OidcInstallationOptions = {}): Promise<OidcInstallation> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-oidc-'));
  const store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const provider = await startOidcProvider({ ...options, clientUrl: url });
  let aheadMs = 0;
  const now = (): number => Date.now() + aheadMs;
  const gone = new Set<string>();
  const app = fastify();
  const place = {
    provider: createOidcProvider({
      issuer: provider.issuer,
      clientId: provider.clientId,
      clientSecret: new Secret(provider.clientSecret),
      scopes: ['openid', 'profile', 'groups', 'offline_access'],
      loginClaim: null,
      groupsClaim: 'groups',
    }),
    directory: options.directory ?? null,
    seal: createSeal(Buffer.alloc(32, 7)),
    now,
  };
  const identity = createIdentity({
    store,
    adminToken: 'admin',
    now,
    renew: createRenewal({ ...place, logger: app.log }),
  });
  const find = (reference: string) =>
    Promise.resolve({ reference, name: null, email: null, chat: null, zone: null, active: !gone.has(reference) });
  addOidcRoutes(app, { ...place, sessions: identity.sessions, people: { find }, publicUrl: url });
  app.get('/*', () => ({ home: true }));
  await app.listen({ host: '127.0.0.1', port });
  return {
    url,
    provider,
    store,
    gone,
    async whoIs(browser) {
      const cookie = browser.cookies.get('mainstay_session')?.value ?? '';
      const open = await identity.sessions.read(cookie);
      return open === null ? null : { actor: open.session.actor, groups: open.session.groups };
    },
    passMs(ms) {
      aheadMs += ms;
    },
    async stop() {
      await app.close();
      await provider.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
