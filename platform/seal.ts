import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Encrypts what only this installation may read again. */
export interface Seal {
  seal(text: string): string;
  /** Throws for what was not sealed with this key. */
  open(sealed: string): string;
}

const algorithm = 'aes-256-gcm';
const prefix = 'sealed:1:';
const nonceBytes = 12;
const tagBytes = 16;

/** `key`: 32 bytes, of the installation or made of it. */
export function createSeal(key: Uint8Array): Seal {
  return {
    seal(text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return prefix + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed) {
      if (!sealed.startsWith(prefix)) throw new Error('Cannot open a sealed text: it is not sealed');
      const bytes = Buffer.from(sealed.slice(prefix.length), 'base64');
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
    },
  };
}
