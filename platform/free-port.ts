import { createServer } from 'node:net';

const loopback = '127.0.0.1';

const retryMs = 100;

/** A port that nobody listens on now: the wanted one if it is free, or becomes free in time. */
export async function freePort(wanted = 0, patienceMs = 0): Promise<number> {
  const until = Date.now() + patienceMs;
  do {
    const port = await tryPort(wanted);
    if (port !== null) return port;
    if (patienceMs > 0) await new Promise((resolve) => setTimeout(resolve, retryMs));
  } while (Date.now() < until);
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
