import type { Readable } from 'node:stream';

import { messageOf } from './system-error';
import { isPrivateAddress, lookupOf, resolveAddress } from './http-address';

export interface WebhookPost {
  readonly url: URL;
  /** Absent: POST. */
  readonly method?: 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly privateAddresses: 'allow' | 'refuse';
  readonly signal: AbortSignal;
}

/** `status`: what was answered; null: nothing was, and `answer` says why. */
export interface WebhookAnswer {
  readonly status: number | null;
  readonly answer: string;
  /** The receiver asks for this much peace; absent: it says nothing of it. */
  readonly retryAfterMs?: number;
}

const waitMs = 20_000;
const readBytes = 4 * 1024;

/** One message to one receiver. No redirect is followed: it could lead where the address of the receiver was not allowed to. */
export async function postWebhook({
  url,
  method = 'POST',
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
    const answered = await axios.request<Readable>({
      url: url.href,
      method,
      data: body,
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
    const { status } = answered;
    const answer = `${status} ${(await beginningOf(answered.data)).slice(0, 200)}`.trim();
    const asked = answered.headers['retry-after'];
    return { status, answer, ...(typeof asked === 'string' ? retryAfter(asked) : {}) };
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

/** Whoever asks for more is asked again after an hour: a receiver must not be able to silence us for good. */
const mostPeaceMs = 60 * 60_000;

/** Seconds, or a date. */
function retryAfter(text: string): { readonly retryAfterMs?: number } {
  const ms = /^[0-9]+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return ms > 0 ? { retryAfterMs: Math.min(ms, mostPeaceMs) } : {};
}
