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
    return this.#send({ path: search === '' ? path : `${path}?${search}`, method: 'GET' }, answer);
  }

  /** With an idempotency key the same request twice does its work once. */
  post<T>(path: string, request: { readonly body: unknown; readonly key?: string }, answer: z.ZodType<T>): Promise<T> {
    const headers = {
      'content-type': 'application/json',
      ...(request.key === undefined ? {} : { 'idempotency-key': request.key }),
    };
    return this.#send({ path, method: 'POST', body: JSON.stringify(request.body), headers }, answer);
  }

  async #send<T>(request: SentRequest, answer: z.ZodType<T>): Promise<T> {
    const { status, body } = await this.#exchange(request);
    if (status < 200 || status > 299) throw refusalOf(body, status);
    return answer.parse(body);
  }

  /** An answer that breaks off half-way is no answer. */
  async #exchange({
    path,
    method,
    body,
    headers,
  }: SentRequest): Promise<{ readonly status: number; readonly body: unknown }> {
    try {
      const response = await fetch(`${this.url}/api/v1${path}`, {
        method,
        body: body ?? null,
        headers: { ...headers, authorization: `Bearer ${this.token}` },
        signal: this.signal,
      });
      return { status: response.status, body: await response.json() };
    } catch (error) {
      throw new RequestError('NOT_CONNECTED', `Cannot reach the engine at ${this.url}: no answer`, { cause: error });
    }
  }
}

interface SentRequest {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const Problems = z.array(
  z.looseObject({ file: z.string(), line: z.number(), column: z.number(), code: z.string(), message: z.string() }),
);

function refusalOf(body: unknown, status: number): ApiRefusal {
  const problem = Problem.safeParse(body);
  if (!problem.success) {
    const message = `Cannot use the answer of the engine: HTTP status ${status}`;
    return new ApiRefusal({ code: 'INTERNAL', message, hint: 'Look at the log of the API.', lines: [] });
  }
  const { code, detail, hint, problems } = problem.data;
  const told = Problems.safeParse(problems);
  const lines = told.success
    ? told.data.map((found) => `${found.file}:${found.line}:${found.column} ${found.code} ${found.message}`)
    : [];
  return new ApiRefusal({ code, message: detail, hint, lines });
}

/** A path with its parts encoded: names of definitions and ids of tasks hold slashes. */
export function apiPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((path, part, index) => path + encodeURIComponent(values[index - 1] ?? '') + part);
}
