/** How the console talks to the API: same origin, the session in a cookie, what changes anything with its token. */

export const apiBase = '/api/v1';

/** One value for a name; absent names are left out. */
export interface Query {
  readonly [name: string]: string | number | boolean | undefined;
}

/** A problem document (RFC 9457) as an error: expected, explained, with what would help. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly document: ProblemFields,
  ) {
    super(document.detail);
  }
}

export interface ProblemFields {
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
  readonly requestId: string;
  readonly [extension: string]: unknown;
}

export function isProblem(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem;
}

/** Bound to the session; `/me` tells it, and every request that changes something brings it back. */
const session = { csrf: '' };

export function rememberCsrf(token: string): void {
  session.csrf = token;
}

/** The console and the API come from one package: what the route says that it answers is what comes. */
export async function readApi<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const response = await fetch(apiUrl(path, query), {
    headers: { accept: 'application/json' },
    ...(signal === undefined ? {} : { signal }),
  });
  return answerOf<T>(response);
}

export interface SendOptions {
  /** The same key twice is one request: for what must not happen twice when an answer is lost. */
  readonly idempotencyKey?: string;
}

export async function sendApi<T>(path: string, body: unknown, options: SendOptions = {}): Promise<T> {
  const { idempotencyKey } = options;
  const response = await fetch(apiUrl(path), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-csrf-token': session.csrf,
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify(body),
  });
  return answerOf<T>(response);
}

/** Address of something below the API, for links and event sources. */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const search = new URLSearchParams(given).toString();
  return `${apiBase}${path}${search === '' ? '' : `?${search}`}`;
}

/** One segment of a path: `/definitions/${segment('Runbook')}/${segment('web/upgrade')}`. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) {
    const answer: T = await response.json();
    return answer;
  }
  throw new ApiProblem(response.status, await problemFields(response));
}

async function problemFields(response: Response): Promise<ProblemFields> {
  const fallback = {
    code: `HTTP_${response.status}`,
    detail: `Cannot read the answer: the server said ${response.status}`,
    hint: 'Try again; if it stays, look at the log of the API.',
    requestId: response.headers.get('x-request-id') ?? '',
  };
  if (!(response.headers.get('content-type') ?? '').includes('json')) return fallback;
  const document: Partial<ProblemFields> = await response.json();
  return { ...fallback, ...document };
}
