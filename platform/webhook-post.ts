import type { Readable } from 'node:stream';

import { messageOf } from './system-error';
import { isPrivateAddress, lookupOf, resolveAddress } from './http-address';

export interface WebhookPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly privateAddresses: 'allow' | 'refuse';
  readonly signal: AbortSignal;
}

/** `status`: what was answered; null: nothing was, and `answer` says why. */
export interface WebhookAnswer {
  readonly status: number | null;
  readonly answer: string;
}

const waitMs = 20_000;
const readBytes = 4 * 1024;

/** One message to one receiver. No redirect is followed: it could lead where the address of the receiver was not allowed to. */
export async function postWebhook({
  url,
  headers,
  body,
  privateAddresses,
  signal,
}: WebhookPost): Promise<WebhookAnswer> {
  try {
    const resolved = privateAddresses === 'allow' ? null : await resolveAddress(url.hostname);
    if (resolved !== null && isPrivateAddress(resolved.address))
      return { status: null, answer: `Cannot call "${url.host}": it has the private address ${resolved.address}` };
    // Loaded by whoever sends, and by nobody else who reads this file.
    const { default: axios } = await import('axios');
    const { status, data } = await axios.post<Readable>(url.href, body, {
      headers: { ...headers },
      responseType: 'stream',
      timeout: waitMs,
      maxRedirects: 0,
      proxy: false,
      validateStatus: () => true,
      signal: AbortSignal.any([signal, AbortSignal.timeout(waitMs)]),
      transformRequest: [(sent: unknown) => sent],
      ...(resolved === null ? {} : { lookup: lookupOf(resolved) }),
    });
    return { status, answer: `${status} ${(await beginningOf(data)).slice(0, 200)}`.trim() };
  } catch (error) {
    if (signal.aborted) throw error;
    return { status: null, answer: `Cannot call "${url.host}": ${messageOf(error)}` };
  }
}

/** Whoever answers more, or breaks off, has answered all the same. */
async function beginningOf(answer: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer) {
      const bytes = Buffer.from(part);
      parts.push(bytes);
      size += bytes.length;
      if (size >= readBytes) break;
    }
  } catch {
    // The status stands.
  } finally {
    answer.destroy();
  }
  return Buffer.concat(parts).toString('utf8');
}
