import type { IncomingMessage } from 'node:http';

import { LogController } from 'fastify';
import type { FastifyInstance } from 'fastify';

import { addRateLimits } from './limits';
import { addRequestIds, requestIdOf } from './request-id';
import { addSecurityHeaders } from './security-headers';
import { addNeighbourChecks } from './trusted-proxy';
import type { Neighbours } from './trusted-proxy';

/** What stands around the API: who is let near it at all. */
export interface Perimeter extends Neighbours {
  /** Absent: the clock of this machine. */
  readonly now?: () => number;
}

/** Of an API that this machine alone reaches. */
export const loopbackPerimeter: Perimeter = { trustedProxies: [], publicUrl: null };

/** Of documents, votes and questions. Plans of many hosts have their own. */
export const bodyLimitBytes = 1024 * 1024;
/** A plan of 10,000 hosts is some megabytes; its files are at most 1 MiB each. */
const largeBodyLimitBytes = 64 * 1024 * 1024;
/** Whoever sends a request that slowly holds a connection, and means to. */
const requestTimeoutMs = 5 * 60_000;

export const largeBodies: readonly string[] = [
  'POST /runs',
  'POST /plans',
  'POST /definitions',
  'POST /definitions/lint',
  'POST /definitions/preview',
];

export function bodyLimitOf({ method, path }: { readonly method: string; readonly path: string }): number {
  return largeBodies.includes(`${method} ${path}`) ? largeBodyLimitBytes : bodyLimitBytes;
}

/** What the framework has to know before there is a request. */
export function perimeterOptions({ trustedProxies }: Perimeter) {
  return {
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    logController: new LogController({ requestIdLogLabel: 'requestId' }),
  };
}

/** In this order: an answer that refuses has an id and headers, too; nobody is counted who is not let in. */
export function guardPerimeter(app: FastifyInstance, perimeter: Perimeter, adminToken: string): void {
  addRequestIds(app);
  addSecurityHeaders(app);
  addNeighbourChecks(app, perimeter);
  addRateLimits(app, { adminToken, now: perimeter.now ?? Date.now });
}
