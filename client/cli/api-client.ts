import { z } from 'zod';

import { RequestError } from '../api/errors';
import { Problem } from '../api/schema';
import { ApiRefusal } from './failure';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The API as the CLI speaks it: every answer is parsed, every refusal keeps the code and hint that the API gave. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly token: string,
    private readonly signal: AbortSignal | null = null,
  ) {}

  /** The same, but its requests end when the signal is aborted. */
  until(signal: AbortSignal): ApiClient {
    return new ApiClient(this.url, this.token, signal);
  }

  get<T>(path: string, query: Query, answer: z.ZodType<T>): Promise<T> {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    );
    const search = new URLSearchParams(Object.fromEntries(given)).toString();
    return this.#send({ path: search === '' ? path : `${path}?${search}`, init: { method: 'GET' } }, answer);
  }

  /** With an idempotency key the same request twice does its work once. */
  post<T>(path: string, request: { readonly body: unknown; readonly key?: string }, answer: z.ZodType<T>): Promise<T> {
    const headers = {
      'content-type': 'application/json',
      ...(request.key === undefined ? {} : { 'idempotency-key': request.key }),
    };
    return this.#send({ path, init: { method: 'POST', body: JSON.stringify(request.body), headers } }, answer);
  }

  async #send<T>(request: { readonly path: string; readonly init: RequestInit }, answer: z.ZodType<T>): Promise<T> {
    const { path, init } = request;
    const response = await this.#fetch(`${this.url}/api/v1${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${this.token}` },
    });
    const body: unknown = await response.json();
    if (!response.ok) throw refusalOf(body, response.status);
    return answer.parse(body);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, { ...init, signal: this.signal });
    } catch (error) {
      throw new RequestError('NOT_CONNECTED', `Cannot reach the engine at ${this.url}: no answer`, { cause: error });
    }
  }
}

function refusalOf(body: unknown, status: number): ApiRefusal {
  const problem = Problem.safeParse(body);
  if (!problem.success)
    return new ApiRefusal(
      'INTERNAL',
      `Cannot use the answer of the engine: HTTP status ${status}`,
      'Look at the log of the API.',
      {},
    );
  const { code, detail, hint } = problem.data;
  return new ApiRefusal(code, detail, hint, problem.data);
}

/** A path with its parts encoded: names of definitions and ids of tasks hold slashes. */
export function apiPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((path, part, index) => path + encodeURIComponent(values[index - 1] ?? '') + part);
}
