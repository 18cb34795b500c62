import type { IncomingHttpHeaders } from 'node:http';

import type { FastifyInstance } from 'fastify';

import { takeCall } from '../../hooks/hook-call';
import type { HookPlace } from '../../hooks/hook-call';

/** What others send is a message; what is larger belongs somewhere that the message names. */
const bodyLimitBytes = 1024 * 1024;

/** What others call, each with the secret of its hook. Names of hooks may have a folder: `/hooks/shop/released`. */
export function addHookCalls(app: FastifyInstance, place: HookPlace): void {
  void app.register(async (hooks) => {
    hooks.removeAllContentTypeParsers();
    // The signature is over the bytes as they came.
    hooks.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyLimitBytes }, (_request, body, done) =>
      done(null, body),
    );
    hooks.post<{ Params: { '*': string } }>('/hooks/*', async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const call = { name: request.params['*'], headers: plainHeaders(request.headers), body };
      return reply.code(202).send(await takeCall(place, call));
    });
  });
}

function plainHeaders(headers: IncomingHttpHeaders): { readonly [name: string]: string } {
  const plain = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return Object.fromEntries(plain);
}
