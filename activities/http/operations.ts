import { createHash } from 'node:crypto';

import type { Json, JsonObject } from '../../workflows/domain/json';
import type { ConnectorImplementation, OperationContext, OperationResult } from '../connector';
import { createHttpClient, HttpError } from './client';
import type { HttpClient, HttpClientOptions, HttpRequest, HttpResponse } from './client';
import { HttpConnection, RequestInput } from './schema';

export function createHttp(options: HttpClientOptions): ConnectorImplementation {
  const client = createHttpClient(options);
  return {
    operations: { request: { perform: (input, context) => request(client, RequestInput.parse(input), context) } },
    close() {
      client.close();
      return Promise.resolve();
    },
  };
}

async function request(client: HttpClient, input: RequestInput, context: OperationContext): Promise<OperationResult> {
  const startedAt = Date.now();
  const connection = connectionOf(context);
  const url = targetUrl(input, connection?.baseUrl);
  if (url === null) return notSent(`Cannot send to "${input.url}": no http address`, 'HTTP_URL_INVALID', startedAt);
  const deadline = AbortSignal.timeout(context.timeoutMs);
  try {
    const signal = AbortSignal.any([context.signal, deadline]);
    const response = await client.send({ ...prepared(input, connection, context), url, signal }, connection?.ca);
    return judged(input, response, startedAt);
  } catch (error) {
    if (context.signal.aborted) throw error;
    const message = `Cannot finish the request to "${url.host}": no response within ${context.timeoutMs} ms`;
    if (deadline.aborted) return interrupted(input, { code: 'HTTP_TIMEOUT', message }, startedAt);
    if (!(error instanceof HttpError)) throw error;
    if (!error.sent) return notSent(error.message, error.code, startedAt);
    return interrupted(input, { code: error.code, message: error.message }, startedAt);
  }
}

function connectionOf(context: OperationContext): HttpConnection | null {
  if (context.connection === undefined) return null;
  return HttpConnection.parse({ ...context.connection.settings, type: context.connection.type });
}

/** A relative address stays below the base: `..` and another authority cannot leave it. */
function targetUrl(input: RequestInput, baseUrl: string | undefined): URL | null {
  const base = baseUrl === undefined ? undefined : baseUrl.replace(/\/*$/, '/');
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(input.url);
  const text = absolute || base === undefined ? input.url : input.url.replace(/^\/+/, '');
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  if (!/^https?:$/.test(url.protocol)) return null;
  if (base !== undefined && !absolute && !url.href.startsWith(new URL(base).href)) return null;
  for (const [name, value] of Object.entries(input.query)) url.searchParams.append(name, String(value));
  return url;
}

/** The connection's secrets go only to the connection's own origin. */
function prepared(
  input: RequestInput,
  connection: HttpConnection | null,
  context: OperationContext,
): Omit<HttpRequest, 'url' | 'signal'> {
  const url = targetUrl(input, connection?.baseUrl);
  const trusted = connection?.baseUrl === undefined || url?.origin === new URL(connection.baseUrl).origin;
  const { body, type } = bodyOf(input);
  return {
    method: input.method,
    headers: {
      'User-Agent': 'mainstay',
      ...(type === null ? {} : { 'Content-Type': type }),
      ...(['POST', 'PATCH'].includes(input.method) ? { 'Idempotency-Key': keyHeader(context.idempotencyKey) } : {}),
      ...(connection !== null && trusted ? { ...authorization(connection), ...connection.headers } : {}),
      ...input.headers,
    },
    body,
    maxBytes: input.maxBytes,
    maxRedirects: input.maxRedirects,
  };
}

function authorization(connection: HttpConnection): Record<string, string> {
  const { auth } = connection;
  if (auth === undefined) return {};
  if ('bearer' in auth) return { Authorization: `Bearer ${auth.bearer}` };
  const pair = Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64');
  return { Authorization: `Basic ${pair}` };
}

/** Services cut long keys or refuse them: a long one goes as its digest. */
function keyHeader(key: string): string {
  return key.length <= 200 ? key : createHash('sha256').update(key).digest('hex');
}

function bodyOf(input: RequestInput): { body: string | null; type: string | null } {
  if (input.json !== undefined) return { body: JSON.stringify(input.json), type: 'application/json' };
  if (input.form !== undefined) {
    const fields = Object.entries(input.form).map(([name, value]): [string, string] => [name, String(value)]);
    return { body: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' };
  }
  if (input.text !== undefined) return { body: input.text, type: 'text/plain; charset=utf-8' };
  return { body: null, type: null };
}

function judged(input: RequestInput, response: HttpResponse, startedAt: number): OperationResult {
  const endedAt = Date.now();
  const { status } = response;
  const right = input.expect === undefined ? status >= 200 && status < 300 : input.expect.includes(status);
  const settled = {
    result: resultOf(response, endedAt - startedAt),
    changed: !['GET', 'HEAD', 'OPTIONS'].includes(input.method),
    startedAt,
    endedAt,
  };
  if (right) return { status: 'succeeded', ...settled };
  const message = `Cannot accept the response of "${response.url.host}": status ${status}`;
  return { status: 'failed', ...settled, error: { code: 'HTTP_STATUS', message } };
}

function resultOf(response: HttpResponse, durationMs: number): JsonObject {
  const body = response.body.toString('utf8');
  return {
    status: response.status,
    headers: response.headers,
    body,
    json: response.truncated ? null : parsedJson(body, response.headers['content-type']),
    truncated: response.truncated,
    url: `${response.url.origin}${response.url.pathname}`,
    durationMs,
  };
}

function parsedJson(body: string, contentType: string | undefined): Json {
  if (contentType === undefined || !/[/+]json\b/.test(contentType)) return null;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function notSent(message: string, code: string, startedAt: number): OperationResult {
  return { status: 'failed', result: {}, changed: false, error: { code, message }, startedAt, endedAt: Date.now() };
}

/** The service may have acted: nobody can tell, unless the request was a read. */
function interrupted(
  input: RequestInput,
  error: { readonly code: string; readonly message: string },
  startedAt: number,
): OperationResult {
  const reads = ['GET', 'HEAD', 'OPTIONS'].includes(input.method);
  const times = { startedAt, endedAt: Date.now() };
  return { status: reads ? 'failed' : 'unknown', result: {}, changed: !reads, error, ...times };
}
