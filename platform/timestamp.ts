import { createHash, randomBytes } from 'node:crypto';

import { der, derElements } from './der';

const sha256 = Buffer.from('0609608648016503040201', 'hex');
const nothing = Buffer.from([0x05, 0x00]);
const yes = Buffer.from([0x01, 0x01, 0xff]);
const answerTimeoutMs = 30_000;
/** Tokens with their certificates have some kilobytes. */
const mostAnswerBytes = 256 * 1024;

/**
 * Asks a time-stamping authority (RFC 3161) to sign that a text existed now; answers its response as it came. Whether the authority
 * is to be believed is for whoever verifies: `openssl ts -verify -data TEXT -in RESPONSE -CAfile AUTHORITY.pem`.
 */
export async function timestamp(url: string, text: string): Promise<Uint8Array> {
  const imprint = createHash('sha256').update(text, 'utf8').digest();
  // Positive, and without leading zeros: the shortest spelling is the only one.
  const nonce = randomBytes(8);
  nonce.writeUInt8((nonce.readUInt8(0) & 0x7f) | 0x40, 0);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: request(imprint, nonce),
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  const answer = Buffer.from(await response.arrayBuffer());
  const found = response.ok ? problemOf(answer, { imprint, nonce }) : `it answers with status ${response.status}`;
  if (found !== null) throw new Error(`Cannot get a time stamp from "${new URL(url).host}": ${found}`);
  return answer;
}

function request(imprint: Buffer, nonce: Buffer): Buffer {
  const algorithm = der(0x30, sha256, nothing);
  const message = der(0x30, algorithm, der(0x04, imprint));
  return der(0x30, der(0x02, Buffer.of(1)), message, der(0x02, nonce), yes);
}

/** The authority must have granted it, for this text and this request. */
function problemOf(
  answer: Buffer,
  { imprint, nonce }: { readonly imprint: Buffer; readonly nonce: Buffer },
): string | null {
  if (answer.length > mostAnswerBytes) return 'its answer is too long';
  const [response] = derElements(answer);
  const [status, token] = response === undefined ? [] : derElements(response.content);
  const [code] = status === undefined ? [] : derElements(status.content);
  if (code?.content.length !== 1) return 'its answer is no time stamp';
  const granted = code.content.readUInt8(0);
  if (granted > 1) return `it refuses with status ${granted}`;
  const isOurs = token?.content.includes(der(0x04, imprint)) === true && token.content.includes(der(0x02, nonce));
  return isOurs ? null : 'its answer is for another request';
}
