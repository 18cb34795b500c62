import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

import { withinRequest } from '../../platform/request-context';

/** What others write into our logs is short, and has no spaces or line feeds. */
const acceptable = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,99}$/;

/** The caller's own, so that it can find itself in our log; else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && acceptable.test(given) ? given : randomUUID();
}

/** Tells every caller under which id its request is found, and whatever the request leads to for which one it is done. */
export function addRequestIds(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  // Not earlier: what comes after the body has been read would not know it.
  app.addHook('preHandler', (request, _reply, done) => withinRequest(request.id, done));
}
