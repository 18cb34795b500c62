import type { FastifyInstance } from 'fastify';

export interface Listening {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens on loopback only: the embedded API has one token and no TLS. */
export async function listen(app: FastifyInstance, port: number): Promise<Listening> {
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address();
  const found = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${found}`,
    port: found,
    async stop() {
      // Live feeds would hold a clean stop for as long as their runs go on.
      const closed = app.close();
      app.server.closeAllConnections();
      await closed;
    },
  };
}
