import { lookup as resolveName } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Networks that belong to nobody's public service: loopback, link-local, private use, carrier NAT, unspecified. */
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv6');
}

export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return privateNetworks.check(mapped, 'ipv4');
  return privateNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

type LookedUp = (error: Error | null, address: string, family: 4 | 6) => void;

/** For axios: connects to what was checked, without asking for the name again. */
export function lookupOf({
  address,
  family,
}: ResolvedAddress): (name: string, options: object, done: LookedUp) => void {
  return (_name, _options, done) => done(null, address, family);
}

/** The address that is then connected to: a name cannot answer differently between the check and the connection. */
export async function resolveAddress(hostname: string): Promise<ResolvedAddress> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const { address, family } = await resolveName(bare);
  return { address, family: family === 6 ? 6 : 4 };
}
