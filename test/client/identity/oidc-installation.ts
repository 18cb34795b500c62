import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fastify from 'fastify';
import { z } from 'zod';

import { createIdentity } from '../../../client/identity/identity';
import type { Identity } from '../../../client/identity/identity';
import type { GroupDirectory } from '../../../client/identity/ldap';
import { createOidcProvider } from '../../../client/identity/oidc';
import { addOidcRoutes } from '../../../client/identity/oidc-routes';
import { createRenewal } from '../../../client/identity/renewal';
import { freePort } from '../../../platform/free-port';
import { People } from '../../../platform/people';
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
  /** The same, as another process of the API says it. */
  whoIsElsewhere(browser: WalkingBrowser): Promise<Whoever | null>;
  /** What was said with this message, in order. */
  logged(message: string): readonly unknown[];
  /** As a process does that dies once the provider has answered. */
  renewInVain(browser: WalkingBrowser): Promise<void>;
  passMs(ms: number): void;
  stop(): Promise<void>;
}

export interface Whoever {
  readonly actor: string;
  readonly groups: readonly string[];
}

const LogLine = z.looseObject({ msg: z.string(), actor: z.unknown().optional(), calledThere: z.unknown().optional() });

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
  const lines: string[] = [];
  const app = fastify({ logger: { level: 'info', base: {}, stream: { write: (line: string) => lines.push(line) } } });
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
  const renew = createRenewal({ ...place, logins: store.logins, logger: app.log });
  const identity = createIdentity({ store, adminToken: 'admin', now, renew });
  const other = createIdentity({ store, adminToken: 'admin', now, renew });
  const people = new People(store.definitions);
  addOidcRoutes(app, {
    ...place,
    store,
    sessions: identity.sessions,
    people: { find: async (person) => ({ ...(await people.find(person)), active: !gone.has(person) }) },
    publicUrl: url,
  });
  app.get('/*', () => ({ home: true }));
  await app.listen({ host: '127.0.0.1', port });
  return {
    url,
    provider,
    store,
    gone,
    whoIs: (browser) => whoIs(identity, browser),
    whoIsElsewhere: (browser) => whoIs(other, browser),
    logged: (message) =>
      lines
        .map((line) => LogLine.parse(JSON.parse(line)))
        .filter(({ msg }) => msg === message)
        .map(({ actor, calledThere }) => ({ actor, calledThere })),
    async renewInVain(browser) {
      const [id = ''] = cookieOf(browser).split('.');
      const session = await store.access.session(id);
      if (session === null) throw new Error('Cannot renew: there is no such session');
      await store.access.takeRenewal(id, { basis: session.renewedAt, at: now(), until: now() + 2 * 60_000 });
      await renew(session, { wasBegun: false });
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

async function whoIs({ sessions }: Identity, browser: WalkingBrowser): Promise<Whoever | null> {
  const open = await sessions.read(cookieOf(browser));
  return open === null ? null : { actor: open.session.actor, groups: open.session.groups };
}

function cookieOf(browser: WalkingBrowser): string {
  return browser.cookies.get('mainstay_session')?.value ?? '';
}
