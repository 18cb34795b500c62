import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hasCode } from '../system-error';

/** The installation's Ed25519 key pair, as PEM. */
export interface SigningKey {
  readonly privateKey: string;
  readonly publicKey: string;
}

/**
 * Reads the private key from its file, and makes it the first time (0600). Of two processes that start at once one makes it: the
 * file appears whole or not at all, and the other reads it.
 */
export async function loadSigningKey(file: string): Promise<SigningKey> {
  const known = await readIfThere(file);
  if (known !== null) return fromPrivateKey(known);
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return fromPrivateKey(await readFile(file, 'utf8'));
}

export function signText(text: string, key: SigningKey): string {
  return sign(null, Buffer.from(text, 'utf8'), key.privateKey).toString('base64');
}

/**
 * False for a signature or a key that cannot be read, too, and for another spelling of one that could: decoders pass over what
 * they do not know, and a character more in a file is a change.
 */
export function isSignedBy(text: string, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey(publicKey);
    const bytes = Buffer.from(signature, 'base64');
    if (pemOf(key) !== publicKey || bytes.toString('base64') !== signature) return false;
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text, 'utf8'), key, bytes);
  } catch {
    return false;
  }
}

function fromPrivateKey(pem: string): SigningKey {
  return { privateKey: pem, publicKey: pemOf(createPublicKey(createPrivateKey(pem))) };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
