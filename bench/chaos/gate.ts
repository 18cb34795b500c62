import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gate {
  /** `<url>/<wave>` says whether customers are well after it. */
  readonly url: string;
  close(): Promise<void>;
}

/** Well before the first wave and after it, never after the second. */
export async function openGate(): Promise<Gate> {
  const server = createServer((request, response) => {
    const wave = Number(request.url?.split('/').at(-1));
    response.writeHead(wave < 2 ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('Cannot open the gate: no port was given');
  return address.port;
}
