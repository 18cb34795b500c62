import { createHash, randomBytes } from 'node:crypto';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import type { ChainedEntry } from '../../workflows/domain/journal';
import type { StoredEntry } from './store';

/** `prev` of the first entry, and the hash of an empty stream. */
export const genesisHash = '0'.repeat(64);

export function newSalt(): string {
  return randomBytes(16).toString('hex');
}

/** SHA-256(salt ‖ payload bytes): without the salt, a guessed payload cannot be confirmed after redaction (D4). */
export function payloadDigest(salt: string, payload: string): string {
  return createHash('sha256').update(Buffer.from(salt, 'hex')).update(payload, 'utf8').digest('hex');
}

export function entryHash(entry: ChainedEntry): string {
  const { stream, seq, key, kind, at, actor, via, request, payloadDigest: digest, prev } = entry;
  const always = { stream, seq, key, kind, at, actor, via, payloadDigest: digest, prev };
  const chained = request === undefined ? always : { ...always, request };
  return createHash('sha256').update(canonicalJson(chained), 'utf8').digest('hex');
}

/** What an entry must satisfy by itself, apart from its place in the chain. Answers what is wrong, or null. */
export function inconsistency(entry: StoredEntry): string | null {
  if (entryHash(entry) !== entry.hash) return 'its hash is not that of its content';
  if (entry.salt === null && entry.payload === null) return null;
  if (entry.salt === null || entry.payload === null) return 'only one of salt and payload is there';
  if (!/^[0-9a-f]{32}$/.test(entry.salt)) return 'its salt is not one';
  return payloadDigest(entry.salt, entry.payload) === entry.payloadDigest
    ? null
    : 'its payload is not the one that was hashed';
}
