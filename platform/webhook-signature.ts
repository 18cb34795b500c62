import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { Secret } from './secret';

/** What Standard Webhooks signs: the id and the time of the message, and its body as it was sent. */
export interface SignedMessage {
  readonly id: string;
  /** Epoch seconds, as text. */
  readonly timestamp: string;
  readonly body: Uint8Array;
}

/** A message that somebody recorded is good for so long, and its id tells it apart. */
const toleranceMs = 5 * 60_000;
const version = 'v1';
const encodedPrefix = 'whsec_';

/** Is one of the signatures that of one of the secrets, and the message of now? */
export function isSigned(
  message: SignedMessage,
  signatures: string,
  { secrets, nowMs }: { readonly secrets: readonly Secret[]; readonly nowMs: number },
): boolean {
  if (message.id === '' || !/^[0-9]{1,12}$/.test(message.timestamp)) return false;
  if (Math.abs(nowMs - Number(message.timestamp) * 1_000) > toleranceMs) return false;
  const given = signatures
    .split(' ')
    .filter((part) => part.startsWith(`${version},`))
    .map((part) => part.slice(version.length + 1));
  return secrets.some((secret) => given.some((each) => isSame(each, signatureOf(message, secret))));
}

/** As the header `webhook-signature` wants it. */
export function signedWith(message: SignedMessage, secret: Secret): string {
  return `${version},${signatureOf(message, secret)}`;
}

/** As GitHub signs: the body alone, so a message that somebody recorded stays good. */
export function isSignedAsGithub(body: Uint8Array, signature: string, secrets: readonly Secret[]): boolean {
  return secrets.some((secret) => isSame(signature, githubSignature(body, secret)));
}

/** As the header `x-hub-signature-256` wants it. */
function githubSignature(body: Uint8Array, secret: Secret): string {
  return `sha256=${createHmac('sha256', secret.reveal()).update(body).digest('hex')}`;
}

/** The bearer of a secret. */
export function isOneOf(secrets: readonly Secret[], given: string): boolean {
  return secrets.some((secret) => isSame(given, secret.reveal()));
}

function signatureOf({ id, timestamp, body }: SignedMessage, secret: Secret): string {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64');
}

/** `whsec_` and base64, as Standard Webhooks writes secrets; any other text is the key itself. */
function keyOf(secret: Secret): Buffer {
  const text = secret.reveal();
  return text.startsWith(encodedPrefix)
    ? Buffer.from(text.slice(encodedPrefix.length), 'base64')
    : Buffer.from(text, 'utf8');
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
