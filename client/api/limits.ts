import { createHash } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { isLoopback } from '../../platform/api-settings';
import { cookieValue, sessionCookie } from '../identity/cookies';
import { RequestError } from './errors';
import { Rates } from './rate';
import type { Rate } from './rate';

/**
 * How often somebody may ask.
 *
 * - R1 By address for everybody, and by what a caller shows to prove who it is. Before it is proven: finding out costs more than counting.
 * - R2 This machine is no crowd: a proxy beside us is told apart by the addresses that it forwards, the rest is the owner's own.
 * - R3 Where something can be guessed, or comes without a sign-in, it is less.
 */
const rates = {
  address: { perSecond: 100, burst: 1000 },
  caller: { perSecond: 50, burst: 500 },
  /** The command line, scripts and workers' watchers share the one token of the installation. */
  adminToken: { perSecond: 2000, burst: 10_000 },
  signIn: { perSecond: 0.5, burst: 30 },
  vote: { perSecond: 1, burst: 60 },
  hook: { perSecond: 20, burst: 200 },
} as const satisfies Record<string, Rate>;

/** By the address that a route was found under, not by the one that was written: that has many spellings. */
const guessable: readonly (readonly [route: RegExp, rate: keyof typeof rates])[] = [
  [/^(GET|POST) \/auth\//, 'signIn'],
  [/^POST \/api\/v1\/sessions$/, 'signIn'],
  [/^(GET|POST) \/votes\//, 'vote'],
  [/^POST \/hooks\//, 'hook'],
];

export interface LimitOptions {
  /** The token of the data directory. */
  readonly adminToken: string;
  readonly now: () => number;
}

export function addRateLimits(app: FastifyInstance, { adminToken, now }: LimitOptions): void {
  const counted = new Rates();
  const admin = credentialKey(`Bearer ${adminToken}`);
  app.addHook('onRequest', async (request, reply) => {
    for (const [key, rate] of limitsOf(request, admin)) {
      const waitMs = counted.take(`${rate} ${key}`, rates[rate], now());
      if (waitMs > 0) refuse(reply, waitMs);
    }
  });
}

function limitsOf(
  request: FastifyRequest,
  admin: string,
): readonly (readonly [key: string, rate: keyof typeof rates])[] {
  const address = addressKey(request.ip);
  const limits: [string, keyof typeof rates][] = isLoopback(request.ip) ? [] : [[address, 'address']];
  const route = `${request.method} ${request.routeOptions.url ?? ''}`;
  for (const [pattern, rate] of guessable) if (pattern.test(route)) limits.push([address, rate]);
  const credential = request.headers.authorization ?? cookieValue(request, sessionCookie);
  if (credential === null || credential === undefined) return limits;
  const key = credentialKey(credential);
  return [...limits, [key, key === admin ? 'adminToken' : 'caller']];
}

/** Credentials themselves are kept nowhere. */
function credentialKey(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url');
}

/** Whoever has an address of IPv6 has a network of them. */
function addressKey(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length;
  return [...groups, ...Array<string>(Math.max(missing, 0)).fill('0'), ...(tail ?? '').split(':')]
    .slice(0, 4)
    .join(':');
}

function refuse(reply: FastifyReply, waitMs: number): never {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  void reply.header('retry-after', String(seconds));
  throw new RequestError('RATE_LIMITED', `Cannot serve the request: too many of them, the next in ${seconds} s`, {
    detail: { retryAfterSeconds: seconds },
  });
}
