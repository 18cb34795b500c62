import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface FakeService {
  readonly url: string;
  readonly received: Received[];
  answer(how: (request: FastifyRequest, reply: FastifyReply) => unknown): void;
  close(): Promise<void>;
}

/** An HTTP service on loopback that does as a test says and remembers what it was sent. */
export async function startFakeService(): Promise<FakeService> {
  const received: Received[] = [];
  let how: (request: FastifyRequest, reply: FastifyReply) => unknown = () => ({ ok: true });
  const app = fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('/*', async (request, reply) => {
    const { method, url, headers, body } = request;
    received.push({ method, url, headers, body });
    return how(request, reply);
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    received,
    answer(next) {
      how = next;
    },
    close: () => app.close(),
  };
}
