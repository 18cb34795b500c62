import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';

import { Provider } from 'oidc-provider';
import type { Configuration } from 'oidc-provider';

/** A real OpenID provider on loopback, whose people, keys and rules a test changes while it runs. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Groups of everybody, by subject. Whoever is not there cannot sign in. */
  readonly people: Map<string, readonly string[]>;
  /** What people are called by, where that is not their subject: they change it as they like. */
  readonly names: Map<string, string>;
  /** Signs with other keys from now on, and says so. */
  rotateKeys(): void;
  /** Every refresh token and session of everybody is void. */
  forgetEverything(): void;
  /** Answers nothing but errors until it is called with false; with a path, there alone. */
  fail(fails: boolean, path?: string): void;
  /** Does what it is asked at this path, and nobody hears of it, until it is called with false. */
  loseAnswers(loses: boolean, path?: string): void;
  stop(): Promise<void>;
}

export interface TestProviderOptions {
  /** Where the client is: `http://127.0.0.1:PORT`. */
  readonly clientUrl: string;
  readonly givesRefreshTokens?: boolean;
  readonly codeLifetimeSeconds?: number;
}

const clientId = 'mainstay';
const clientSecret = 'test-client-secret';

export async function startOidcProvider(options: TestProviderOptions): Promise<TestProvider> {
  const people = new Map<string, readonly string[]>();
  const names = new Map<string, string>();
  let handler: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('Cannot start the provider: no address');
  const issuer = `http://127.0.0.1:${address.port}`;
  const renew = (storage: Map<string, Stored>): RequestListener =>
    new Provider(issuer, configuration(options, { people, names }, storage)).callback();
  let storage = new Map<string, Stored>();
  let working = renew(storage);
  handler = working;
  return {
    issuer,
    clientId,
    clientSecret,
    people,
    names,
    rotateKeys() {
      handler = working = renew(storage);
    },
    forgetEverything() {
      storage = new Map();
      handler = working = renew(storage);
    },
    fail(fails, path = '/') {
      const fallible: RequestListener = (request, response) =>
        request.url?.startsWith(path) === true ? response.writeHead(503).end() : working(request, response);
      handler = fails ? fallible : working;
    },
    loseAnswers(loses, path = '/') {
      const losing: RequestListener = (request, response) => {
        if (request.url?.startsWith(path) === true)
          response.writeHead = () => {
            response.destroy();
            return response;
          };
        return working(request, response);
      };
      handler = loses ? losing : working;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Stored = Record<string, unknown>;

function configuration(
  { clientUrl, givesRefreshTokens = true, codeLifetimeSeconds = 60 }: TestProviderOptions,
  { people, names }: Pick<TestProvider, 'people' | 'names'>,
  storage: Map<string, Stored>,
): Configuration {
  return {
    adapter: (model) => memoryAdapter(model, storage),
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${clientUrl}/auth/oidc/callback`],
        post_logout_redirect_uris: [`${clientUrl}/sign-in`],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'groups', 'offline_access'],
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, id) => {
      const groups = people.get(id);
      if (groups === undefined) return undefined;
      return {
        accountId: id,
        claims: () => ({ sub: id, name: `The one and only ${id}`, preferred_username: names.get(id) ?? id, groups }),
      };
    },
    issueRefreshToken: () => givesRefreshTokens,
    jwks: { keys: [signingKey()] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: { AuthorizationCode: codeLifetimeSeconds, Session: 3600, Grant: 3600, Interaction: 600 },
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

/** What the provider remembers outlives a change of its keys. */
function memoryAdapter(model: string, storage: Map<string, Stored>) {
  const key = (id: string): string => `${model}:${id}`;
  const by = (name: string, value: string) =>
    Promise.resolve([...storage].find(([at, stored]) => at.startsWith(`${model}:`) && stored[name] === value)?.[1]);
  return {
    async upsert(id: string, payload: Stored) {
      storage.set(key(id), payload);
    },
    find: (id: string) => Promise.resolve(storage.get(key(id))),
    findByUserCode: (userCode: string) => by('userCode', userCode),
    findByUid: (uid: string) => by('uid', uid),
    async destroy(id: string) {
      storage.delete(key(id));
    },
    async revokeByGrantId(grantId: string) {
      for (const [at, stored] of storage) if (stored['grantId'] === grantId) storage.delete(at);
    },
    async consume(id: string) {
      const stored = storage.get(key(id));
      if (stored !== undefined) storage.set(key(id), { ...stored, consumed: Math.floor(Date.now() / 1000) });
    },
  };
}
