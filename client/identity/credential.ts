import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A name that is public, and a secret that is known by its digest only: nothing that we keep lets anybody in. */
export interface Credential {
  readonly id: string;
  readonly secret: string;
  readonly digest: string;
}

const idBytes = 6;
const secretBytes = 32;
export const idPattern = '[0-9a-f]{12}';
export const secretPattern = '[A-Za-z0-9_-]{43}';

export function newCredential(): Credential {
  const secret = newSecret();
  return { id: randomBytes(idBytes).toString('hex'), secret, digest: digestOf(secret) };
}

/** The same for the same name. */
export function credentialId(installation: string, name: string): string {
  return createHash('sha256')
    .update(`${installation}\n${name}`)
    .digest('hex')
    .slice(0, 2 * idBytes);
}

export function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** Secrets are long and random: nobody finds one by its digest, so that a slow hash would protect nothing. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares digests, so that neither content nor length of a secret shows in the time it takes. */
export function isSecretOf(digest: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(digest, 'hex'), Buffer.from(digestOf(secret), 'hex'));
}
