import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';

import axios from 'axios';

import { isPrivateAddress, lookupOf, resolveAddress } from '../../platform/http-address';
import type { ResolvedAddress } from '../../platform/http-address';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly maxBytes: number;
  readonly maxRedirects: number;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly truncated: boolean;
  readonly url: URL;
}

type HttpErrorCode =
  | 'HTTP_UNREACHABLE'
  | 'HTTP_TLS_REJECTED'
  | 'HTTP_CONNECTION_LOST'
  | 'HTTP_ADDRESS_REFUSED'
  | 'HTTP_TOO_MANY_REDIRECTS'
  | 'HTTP_URL_INVALID';

/** What went wrong before there was a response. `sent`: the service may have acted on the request. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly sent: boolean;
  constructor(
    readonly code: HttpErrorCode,
    message: string,
    found: { readonly sent: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: found.cause });
    this.sent = found.sent;
  }
}

export interface HttpClientOptions {
  readonly privateAddresses: 'allow' | 'refuse';
}

export interface HttpClient {
  send(request: HttpRequest, ca: string | undefined): Promise<HttpResponse>;
  close(): void;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return {
    send: (request, ca) => sendFollowing(request, ca),
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };

  /** Redirects are followed here and not by the library, so that every hop is checked and nothing secret goes to another origin. */
  async function sendFollowing(request: HttpRequest, ca: string | undefined): Promise<HttpResponse> {
    let current = request;
    for (let hop = 0; ; hop++) {
      const response = await sendOnce(current, ca);
      const next = redirected(current, response);
      if (next === null) return response;
      if (hop >= request.maxRedirects) {
        const message = `Cannot follow redirects of "${request.url.origin}": more than ${request.maxRedirects}`;
        throw new HttpError('HTTP_TOO_MANY_REDIRECTS', message, { sent: true });
      }
      current = next;
    }
  }

  async function sendOnce(request: HttpRequest, ca: string | undefined): Promise<HttpResponse> {
    const address = await checkedAddress(request.url, options.privateAddresses);
    try {
      const response = await axios.request<Readable>({
        method: request.method,
        url: request.url.href,
        headers: { ...request.headers },
        data: request.body ?? undefined,
        responseType: 'stream',
        decompress: true,
        maxRedirects: 0,
        maxBodyLength: Infinity,
        proxy: false,
        validateStatus: () => true,
        signal: request.signal,
        httpAgent: agents.http,
        httpsAgent: ca === undefined ? agents.https : new HttpsAgent({ ca }),
        transformRequest: [(data: unknown) => data],
        ...(address === null ? {} : { lookup: lookupOf(address) }),
      });
      const { body, truncated } = await readLimited(response.data, request.maxBytes);
      return { status: response.status, headers: plainHeaders(response.headers), body, truncated, url: request.url };
    } catch (error) {
      throw request.signal.aborted ? error : httpErrorOf(error, request.url);
    }
  }
}

async function checkedAddress(url: URL, privateAddresses: 'allow' | 'refuse'): Promise<ResolvedAddress | null> {
  if (privateAddresses === 'allow') return null;
  const address = await resolveAddress(url.hostname).catch((error: unknown) => {
    throw httpErrorOf(error, url);
  });
  if (!isPrivateAddress(address.address)) return address;
  const message = `Cannot call "${url.host}": it has the private address ${address.address}`;
  throw new HttpError('HTTP_ADDRESS_REFUSED', message, { sent: false });
}

/** The next request, or null where the response is no redirect. As browsers do: 303, and POST with 301 or 302, become GET. */
function redirected(request: HttpRequest, response: HttpResponse): HttpRequest | null {
  const location = response.headers['location'];
  if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined || request.maxRedirects === 0) {
    return null;
  }
  const url = URL.canParse(location, request.url.href) ? new URL(location, request.url) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new HttpError('HTTP_URL_INVALID', `Cannot follow the redirect to "${location}": it is no http address`, {
      sent: true,
    });
  }
  const asGet = response.status === 303 || (response.status < 303 && request.method === 'POST');
  const headers = url.origin === request.url.origin ? request.headers : publicHeaders(request.headers);
  return {
    ...request,
    url,
    headers: asGet ? withoutBodyHeaders(headers) : headers,
    method: asGet && request.method !== 'HEAD' ? 'GET' : request.method,
    body: asGet ? null : request.body,
  };
}

/** Any other header may carry a secret. */
function publicHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['accept', 'accept-language', 'content-type', 'user-agent'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.includes(name.toLowerCase())));
}

function withoutBodyHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-(type|length)$/i.test(name)));
}

async function readLimited(stream: Readable, maxBytes: number): Promise<{ body: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    const room = maxBytes - sizeBytes;
    chunks.push(bytes.subarray(0, room));
    sizeBytes += Math.min(bytes.length, room);
    if (bytes.length > room) {
      stream.destroy();
      return { body: Buffer.concat(chunks), truncated: true };
    }
  }
  return { body: Buffer.concat(chunks), truncated: false };
}

function plainHeaders(headers: object): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') plain[name.toLowerCase()] = value;
    else if (Array.isArray(value)) plain[name.toLowerCase()] = value.join(', ');
  }
  return plain;
}

const notSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'];

function httpErrorOf(error: unknown, url: URL): HttpError {
  if (error instanceof HttpError) return error;
  const code = codeOf(error);
  const found = code === '' ? 'no response came' : code;
  if (notSent.includes(code)) {
    return new HttpError('HTTP_UNREACHABLE', `Cannot connect to "${url.host}": ${found}`, {
      sent: false,
      cause: error,
    });
  }
  if (/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO_VERIFY/.test(code)) {
    return new HttpError('HTTP_TLS_REJECTED', `Cannot trust "${url.host}": ${found}`, { sent: false, cause: error });
  }
  const message = `Cannot read the response of "${url.host}": ${found}`;
  return new HttpError('HTTP_CONNECTION_LOST', message, { sent: true, cause: error });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
