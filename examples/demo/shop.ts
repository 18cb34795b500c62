import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** The shop that customers see: it is unhealthy while a faulty release serves on more than one host. */
export interface Shop {
  readonly url: string;
  mend(): void;
  close(): Promise<void>;
}

export async function openShop(homes: readonly string[], faultyRelease: string): Promise<Shop> {
  let faulty = true;
  const server = createServer((_request, response) => {
    void releasesOf(homes).then((releases) => {
      const broken = faulty ? releases.filter((release) => release === faultyRelease).length : 0;
      response.writeHead(broken > 1 ? 503 : 200, { 'content-type': 'text/plain' });
      response.end(broken > 1 ? 'customers see errors\n' : 'all is well\n');
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/health`,
    mend() {
      faulty = false;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The release that each host serves. */
export function releasesOf(homes: readonly string[]): Promise<readonly string[]> {
  return Promise.all(homes.map(async (home) => (await readFile(join(home, 'release'), 'utf8')).trim()));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('Cannot open the shop: no port was given');
  return address.port;
}
