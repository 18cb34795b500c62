import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

import type { FleetHost } from '../../support/fleet/fleet';

/** Stands before a host and cuts connections after a number of bytes, as a bad network does. */
export class CuttingProxy {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  connections = 0;
  /** What is open goes silent, without being closed; new connections are served. */
  private silenced = 0;

  constructor(private readonly host: FleetHost) {}

  /** `cutAfter(n)` = bytes of the n-th connection in both directions; null: never. */
  async start(cutAfter: (connection: number) => number | null): Promise<FleetHost> {
    const server = createServer({ noDelay: true }, (client) => {
      const number = this.connections++;
      this.serve(client, cutAfter(number), () => number < this.silenced);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('Cannot start the proxy: it has no port');
    return { ...this.host, address: '127.0.0.1', port: address.port };
  }

  silence(): void {
    this.silenced = this.connections;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (this.server === null ? resolve() : this.server.close(() => resolve())));
  }

  private serve(client: Socket, limit: number | null, silent: () => boolean): void {
    const upstream = connect({ host: this.host.address, port: this.host.port, noDelay: true });
    let left = limit ?? Number.POSITIVE_INFINITY;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(from);
      from.on('error', cut);
      from.on('close', cut);
      from.on('data', (bytes: Buffer) => {
        if (silent()) return;
        to.write(bytes.subarray(0, Math.min(left, bytes.length)));
        left -= bytes.length;
        // What was written so far still arrives: the host may have understood it.
        if (left <= 0) setImmediate(cut);
      });
    }
  }
}
