import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { RequestError } from '../api/errors';
import { Problem } from '../api/schema';
import { Absence, patiently } from './absence';
import type { Patience } from './absence';
import { readEventStream } from './event-stream';
import type { StreamMessage } from './event-stream';
import { ApiRefusal } from './failure';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface EngineAddress {
  readonly url: string;
  readonly token: string;
}

/** How to find the engine, each time anew: after a restart of everything it may be elsewhere. */
export interface EngineAccess extends Patience {
  readonly locate: () => Promise<EngineAddress>;
}

/**
 * The API as the CLI speaks it: every answer is parsed, every refusal keeps the code and hint that the API gave.
 * A request outlives a restart of the API, or of everything: it is sent again, and its idempotency key makes that safe.
 */
export class ApiClient {
  constructor(
    private readonly access: EngineAccess,
    private readonly signal: AbortSignal | null = null,
  ) {}

  /** The same, but its requests end when the signal is aborted. */
  until(signal: AbortSignal): ApiClient {
    return new ApiClient(this.access, signal);
  }

  /** The same, but an engine that is away is not waited for. */
  atOnce(): ApiClient {
    const away = new RequestError('NOT_CONNECTED', 'Cannot reach the engine: it is away');
    return new ApiClient({ ...this.access, note: () => undefined, pause: () => Promise.reject(away) }, this.signal);
  }

  get<T>(path: string, query: Query, answer: z.ZodType<T>): Promise<T> {
    return this.#send({ path: `${path}${searchOf(query)}`, method: 'GET', headers: {} }, answer);
  }

  post<T>(path: string, request: { readonly body: unknown; readonly key?: string }, answer: z.ZodType<T>): Promise<T> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': request.key ?? randomUUID() };
    return this.#send({ path, method: 'POST', body: JSON.stringify(request.body), headers }, answer);
  }

  /** What happens, as it happens. It outlives a restart of the engine too, and ends when the engine says so or the signal is aborted. */
  async *feed<T>(path: string, query: Query, event: z.ZodType<T>): AsyncGenerator<T> {
    const absence = new Absence(this.access);
    let headers: SentRequest['headers'] = {};
    while (!this.#isAborted()) {
      try {
        const response = await this.#fetch({ path: `${path}${searchOf(query)}`, method: 'GET', headers });
        const body = await openBody(response);
        absence.over();
        for await (const message of messagesOf(body)) {
          if (message.event === 'end') return;
          if (message.id !== null) headers = { 'last-event-id': message.id };
          yield event.parse(JSON.parse(message.data));
        }
      } catch (error) {
        if (!this.#isAborted()) await absence.bear(error);
      }
    }
  }

  #isAborted(): boolean {
    return this.signal?.aborted === true;
  }

  #send<T>(request: SentRequest, answer: z.ZodType<T>): Promise<T> {
    return patiently(this.access, async () => {
      const response = await this.#fetch(request);
      const body: unknown = await response.json().catch((error: unknown) => {
        throw brokenOff(error);
      });
      if (!response.ok) throw refusalOf(body, response.status);
      return answer.parse(body);
    });
  }

  async #fetch({ path, method, body, headers }: SentRequest): Promise<Response> {
    const { url, token } = await this.access.locate();
    try {
      return await fetch(`${url}/api/v1${path}`, {
        method,
        body: body ?? null,
        headers: { ...headers, authorization: `Bearer ${token}` },
        signal: this.signal,
      });
    } catch (error) {
      this.signal?.throwIfAborted();
      throw new RequestError('NOT_CONNECTED', `Cannot reach the engine at ${url}: no answer`, { cause: error });
    }
  }
}

async function openBody(response: Response): Promise<AsyncIterable<Uint8Array>> {
  if (response.ok && response.body !== null) return response.body;
  throw refusalOf(await response.json().catch(() => null), response.status);
}

async function* messagesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  try {
    yield* readEventStream(body);
  } catch (error) {
    throw brokenOff(error);
  }
  throw brokenOff();
}

/** An answer that breaks off half-way is no answer. */
function brokenOff(cause?: unknown): RequestError {
  return new RequestError('NOT_CONNECTED', 'Cannot hear the engine any more: its answer broke off', { cause });
}

function searchOf(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  const search = new URLSearchParams(Object.fromEntries(given)).toString();
  return search === '' ? '' : `?${search}`;
}

interface SentRequest {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

const DocumentProblem = z.looseObject({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  code: z.string(),
  message: z.string(),
});

/** Of documents, or in words. */
const Problems = z.array(z.union([DocumentProblem, z.string()]));

function problemLine(found: z.infer<typeof Problems>[number]): string {
  if (typeof found === 'string') return found;
  return `${found.file}:${found.line}:${found.column} ${found.code} ${found.message}`;
}

function refusalOf(body: unknown, status: number): ApiRefusal {
  const problem = Problem.safeParse(body);
  if (!problem.success) {
    const message = `Cannot use the answer of the engine: HTTP status ${status}`;
    return new ApiRefusal({ code: 'INTERNAL', message, hint: 'Look at the log of the API.', lines: [] });
  }
  const { code, detail, hint, problems } = problem.data;
  const told = Problems.safeParse(problems);
  const lines = told.success ? told.data.map(problemLine) : [];
  return new ApiRefusal({ code, message: detail, hint, lines });
}

/** A path with its parts encoded: names of definitions and ids of tasks hold slashes. */
export function apiPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((path, part, index) => path + encodeURIComponent(values[index - 1] ?? '') + part);
}
