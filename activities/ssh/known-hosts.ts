import { createHash, createHmac } from 'node:crypto';

/** What is known about the key of one host. */
export interface KnownKeys {
  /** Public keys, as they travel in the protocol. */
  readonly keys: readonly Buffer[];
  /** `SHA256:…`, without padding. */
  readonly fingerprints: readonly string[];
  readonly revoked: readonly Buffer[];
  /** A certificate authority is named for this host. Certificates are not supported, so this trusts nothing; it explains a refusal. */
  readonly authority: boolean;
}

export const nothingKnown: KnownKeys = { keys: [], fingerprints: [], revoked: [], authority: false };

export type KeyVerdict = 'known' | 'unknown' | 'mismatch';

export function judgeKey(known: KnownKeys, offered: Buffer): KeyVerdict {
  if (known.revoked.some((key) => key.equals(offered))) return 'mismatch';
  if (known.keys.some((key) => key.equals(offered)) || known.fingerprints.includes(fingerprint(offered)))
    return 'known';
  return known.keys.length === 0 && known.fingerprints.length === 0 ? 'unknown' : 'mismatch';
}

export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** `hostKey` of the inventory: `ssh-ed25519 AAAA…`, the second part alone, or `SHA256:…`. Null: none of these. */
export function parseHostKey(text: string): KnownKeys | null {
  const trimmed = text.trim();
  if (/^SHA256:[A-Za-z0-9+/]{43}=*$/.test(trimmed))
    return { ...nothingKnown, fingerprints: [trimmed.replace(/=+$/, '')] };
  const encoded = trimmed.split(/\s+/).find((part) => part.startsWith('AAAA'));
  const key = encoded === undefined ? null : decodeKey(encoded);
  return key === null ? null : { ...nothingKnown, keys: [key] };
}

/** Lines of a known_hosts file that speak about this address, hashed ones and patterns too. Certificates are not supported. */
export function lookUpKnownHosts(text: string, address: string, port: number): KnownKeys {
  const names = port === 22 ? [address, `[${address}]:22`] : [`[${address}]:${port}`];
  const keys: Buffer[] = [];
  const revoked: Buffer[] = [];
  let authority = false;
  for (const line of text.split('\n')) {
    const entry = parseLine(line);
    if (entry === null || !names.some((name) => matchesHosts(entry.hosts, name))) continue;
    if (entry.marker === '@cert-authority') authority = true;
    if (entry.marker === '@revoked') revoked.push(entry.key);
    if (entry.marker === null) keys.push(entry.key);
  }
  return { keys, fingerprints: [], revoked, authority };
}

export function knownHostsLine(address: string, port: number, key: Buffer): string {
  const name = port === 22 ? address : `[${address}]:${port}`;
  return `${name} ${keyType(key)} ${key.toString('base64')}\n`;
}

/** The first string of the key's blob names its type. */
export function keyType(key: Buffer): string {
  return key.length < 4 ? '' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

export function mergeKnown(...known: readonly KnownKeys[]): KnownKeys {
  return {
    keys: known.flatMap((one) => one.keys),
    fingerprints: known.flatMap((one) => one.fingerprints),
    revoked: known.flatMap((one) => one.revoked),
    authority: known.some((one) => one.authority),
  };
}

interface KnownLine {
  readonly marker: string | null;
  readonly hosts: string;
  readonly key: Buffer;
}

function parseLine(line: string): KnownLine | null {
  const parts = line.trim().split(/\s+/);
  if (parts[0] === undefined || parts[0] === '' || parts[0].startsWith('#')) return null;
  const marker = parts[0].startsWith('@') ? parts[0] : null;
  const [hosts, , encoded] = marker === null ? parts : parts.slice(1);
  const key = encoded === undefined ? null : decodeKey(encoded);
  return hosts === undefined || key === null ? null : { marker, hosts, key };
}

function decodeKey(encoded: string): Buffer | null {
  const key = Buffer.from(encoded, 'base64');
  return /^(ssh|ecdsa|sk)-/.test(keyType(key)) ? key : null;
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) return matchesHashed(hosts, name);
  let matched = false;
  for (const pattern of hosts.split(',')) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function matchesHashed(hosts: string, name: string): boolean {
  const [, , salt, hash] = hosts.split('|');
  if (salt === undefined || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function matchesPattern(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern.toLowerCase() === name.toLowerCase();
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(name);
}
