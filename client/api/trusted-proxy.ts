import { BlockList, isIP } from 'node:net';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { isLoopback } from '../../platform/api-settings';
import { RequestError } from './errors';

export interface Neighbours {
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Whose name browsers know us by. Null: by none. */
  readonly publicUrl: string | null;
}

/** Asked by watchers that know addresses only; it says nothing of anybody. */
const openToAll = '/healthz';

/**
 * - N1 A request in the clear comes from this machine or from a trusted proxy: passwords of others do not cross a network unseen by TLS.
 * - N2 A request names us by an address, as localhost, or by our public name. A page of another site that had its own name led here
 *   (DNS rebinding) would name that one, and read what this machine may read.
 */
export function addNeighbourChecks(app: FastifyInstance, { trustedProxies, publicUrl }: Neighbours): void {
  const isTrusted = networkTest(trustedProxies);
  const publicName = publicUrl === null ? null : new URL(publicUrl).hostname.toLowerCase();
  app.addHook('onRequest', async (request) => {
    if (request.url === openToAll) return;
    const peer = request.socket.remoteAddress ?? '';
    if (!isEncrypted(request) && !isLoopback(peer) && !isTrusted(peer))
      throw new RequestError(
        'PLAINTEXT_REFUSED',
        'Cannot serve the request: it came in the clear, and by no trusted proxy',
      );
    if (!isOurName(request.hostname, publicName))
      throw new RequestError('HOST_UNKNOWN', `Cannot serve the request: it is for "${request.hostname.slice(0, 100)}"`);
  });
}

function isEncrypted({ socket }: FastifyRequest): boolean {
  return 'encrypted' in socket && socket.encrypted === true;
}

/** A name can be led anywhere by whoever owns it; an address is what it is. */
function isOurName(hostname: string, publicName: string | null): boolean {
  const name = hostname.toLowerCase();
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === 'localhost' || name === publicName;
}

function networkTest(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return (address) => {
    const bare = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const family = isIP(bare);
    return family !== 0 && list.check(bare, family === 6 ? 'ipv6' : 'ipv4');
  };
}
