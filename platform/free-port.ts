import { createServer } from 'node:net';

const loopback = '127.0.0.1';

/** A port that nobody listens on now: the wanted one if it is free. */
export async function freePort(wanted = 0): Promise<number> {
  const port = await tryPort(wanted);
  if (port !== null) return port;
  const other = await tryPort(0);
  if (other === null) throw new Error('Cannot find a free port: none is left on 127.0.0.1');
  return other;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, loopback, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
