import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { isIPv6 } from 'node:net';

import type { FastifyInstance } from 'fastify';

import { isLoopback } from '../../platform/api-settings';
import type { ApiSettings } from '../../platform/api-settings';
import type { Logger } from '../../platform/logger';
import { messageOf } from '../../platform/system-error';
import { createTlsServer } from './tls';

export interface Listening {
  /** For programs of this machine. */
  readonly url: string;
  readonly port: number;
  /** Where others reach it; null: nowhere. */
  readonly outerUrl: string | null;
  stop(): Promise<void>;
}

/**
 * - L1 This machine always reaches the API in the clear on loopback: the command line, and whoever watches it.
 * - L2 Others reach it by TLS at a port of its own, or in the clear at the same port where a proxy stands before it.
 */
export async function listen(app: FastifyInstance, settings: ApiSettings, logger: Logger): Promise<Listening> {
  const { host, tls } = settings;
  // What listens everywhere listens on loopback, too.
  const inner = tls === null && isEverywhere(host) ? host : '127.0.0.1';
  await app.listen({ host: inner, port: settings.port ?? 0 });
  const port = portOf(app.server) ?? settings.port ?? 0;
  const outer = inner === host && tls === null ? null : await listenOutside(app, { ...settings, port }, logger);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    outerUrl: outer?.url ?? (inner === '127.0.0.1' ? null : `http://${bracketed(host)}:${port}`),
    async stop() {
      // Live feeds would hold a clean stop for as long as their runs go on.
      const closed = app.close();
      const outside = outer?.stop();
      app.server.closeAllConnections();
      await Promise.all([closed, outside]);
    },
  };
}

interface Outside {
  readonly url: string;
  stop(): Promise<void>;
}

async function listenOutside(
  app: FastifyInstance,
  { host, port, tls }: ApiSettings & { readonly port: number },
  logger: Logger,
): Promise<Outside> {
  const listener: RequestListener = (request, response) => app.routing(request, response);
  const secured = tls === null ? null : await createTlsServer(tls, listener, logger);
  const server = secured?.server ?? createServer(listener);
  server.requestTimeout = app.server.requestTimeout;
  await listenAt(server, host, tls?.port ?? port);
  return {
    url: `${tls === null ? 'http' : 'https'}://${bracketed(host)}:${String(portOf(server))}`,
    async stop() {
      secured?.stopWatching();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listenAt(server: Server, host: string, port: number): Promise<void> {
  const listening = once(server, 'listening');
  server.listen({ host, port });
  await listening.catch((cause: unknown) => {
    throw new Error(`Cannot listen on ${bracketed(host)}:${port}: ${messageOf(cause)}`, { cause });
  });
}

function isEverywhere(host: string): boolean {
  return !isLoopback(host) && /^[0.:]+$/.test(host);
}

function bracketed(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function portOf(server: Pick<Server, 'address'>): number | null {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}
