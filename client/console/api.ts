import { withQuery } from '../typed/path';
import type { AnswerOf } from '../typed/types';
import { addressed } from './request';
import type { AddressOf, GetKey, ReadKey, SendKey, SentOf } from './request';

/** How the console talks to the API: routes by their names and with their types, same origin, the session in a cookie, what changes anything with its token. */

const apiBase = '/api/v1';

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

export async function readApi<K extends ReadKey>(
  route: K,
  address: AddressOf<K>,
  signal?: AbortSignal,
): Promise<AnswerOf<K>> {
  const response = await fetch(apiUrl(route, address), {
    headers: { accept: 'application/json' },
    ...(signal === undefined ? {} : { signal }),
  });
  return answerOf<AnswerOf<K>>(response);
}

export async function sendApi<K extends SendKey>(
  route: K,
  address: AddressOf<K>,
  body: SentOf<K>,
): Promise<AnswerOf<K>> {
  const { path, key } = addressed(route, address);
  const response = await fetch(`${apiBase}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-csrf-token': session.csrf,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  return answerOf<AnswerOf<K>>(response);
}

/** Address of something below the API, for links and event sources. */
export function apiUrl<K extends GetKey>(route: K, address: AddressOf<K>): string {
  const { path, query } = addressed(route, address);
  return withQuery(`${apiBase}${path}`, query);
}

/** The console and the API come from one package: what the route says that it answers is what comes. */
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
