import { RequestError } from '../api/errors';
import { Absence, patiently } from './absence';
import type { Patience } from './absence';
import { readEventStream } from './event-stream';
import type { StreamMessage } from './event-stream';
import { refusalOf } from './refusal';

/** Where the API is, and what proves who asks. */
export type EngineAddress =
  | { readonly url: string; readonly token: string }
  /** A session of a browser: its cookies. */
  | { readonly url: string; readonly cookie: string };

/** How to find the engine, each time anew: after a restart of everything it may be elsewhere. */
export interface EngineAccess extends Patience {
  readonly locate: () => Promise<EngineAddress>;
}

export interface Sent {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`, encoded, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Of a POST; absent: one of its own. */
  readonly key?: string;
}

/**
 * The one way to the API: requests out, JSON or events in, refusals as errors that keep the API's code and hint.
 *
 * - C1 A request outlives a restart of the API, or of everything: it is sent again. A POST always carries an idempotency key, which makes that safe.
 * - C2 A feed that loses the line goes on after the last event that was handed on: none is lost, none comes twice.
 */
export class Connection {
  /** Of a session; learned before its first POST. */
  #csrf: string | null = null;

  constructor(
    private readonly access: EngineAccess,
    private readonly signal: AbortSignal | null = null,
  ) {}

  /** The same, but its requests end when the signal is aborted. */
  until(signal: AbortSignal): Connection {
    return new Connection(this.access, signal);
  }

  /** The same, but an engine that is away is not waited for. */
  atOnce(): Connection {
    const away = new RequestError('NOT_CONNECTED', 'Cannot reach the engine: it is away');
    return new Connection({ ...this.access, note: () => undefined, pause: () => Promise.reject(away) }, this.signal);
  }

  /** `read` takes the JSON text of an answer. */
  send<T>(sent: Sent, read: (json: string) => T): Promise<T> {
    const request = requestOf(sent);
    return patiently(this.access, async () => readAnswer(await this.#ask(request), read));
  }

  /** The bytes of a download: all of them, or a range (`bytes=0-499`). */
  bytes(path: string, range?: string): Promise<Uint8Array> {
    const request = { path, method: 'GET' as const, headers: range === undefined ? {} : { range } };
    return patiently(this.access, async () => bytesOf(await this.#ask(request)));
  }

  /** A download that is too large to be held: `take` is called again, from its beginning, where the line breaks. */
  receive<T>(path: string, take: (body: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
    const request = { path, method: 'GET' as const, headers: {} };
    return patiently(this.access, async () => take(whole(await openBody(await this.#ask(request)))));
  }

  /** What happens, as it happens. It outlives a restart of the engine too, and ends when the engine says so or the signal is aborted. */
  async *feed<T>(path: string, read: (json: string) => T): AsyncGenerator<T> {
    const absence = new Absence(this.access);
    let request: Request = { path, method: 'GET', headers: {} };
    while (!this.#isAborted()) {
      try {
        const body = await openBody(await this.#ask(request));
        absence.over();
        for await (const message of messagesOf(body)) {
          if (message.event === 'end') return;
          // Whoever was too slow comes back after what it has heard.
          if (message.event === 'slow') throw brokenOff();
          if (message.id !== null) request = { ...request, headers: { 'last-event-id': message.id } };
          if (message.event === 'gap' || message.data === '') continue;
          yield read(message.data);
        }
      } catch (error) {
        if (!this.#isAborted()) await absence.bear(error);
      }
    }
  }

  #isAborted(): boolean {
    return this.signal?.aborted === true;
  }

  /** A refusal is an error; what is left is an answer. */
  async #ask(request: Request): Promise<Response> {
    const response = await this.#fetch(request);
    if (!response.ok) throw refusalOf(parsed(await textOf(response)), response.status);
    return response;
  }

  async #fetch(request: Request): Promise<Response> {
    const address = await this.access.locate();
    const { path, method, body } = request;
    const headers = { ...request.headers, ...(await this.#proof(address, method)) };
    try {
      return await fetch(`${address.url}/api/v1${path}`, { method, body: body ?? null, headers, signal: this.signal });
    } catch (error) {
      this.signal?.throwIfAborted();
      throw new RequestError('NOT_CONNECTED', `Cannot reach the engine at ${address.url}: no answer`, { cause: error });
    }
  }

  async #proof(address: EngineAddress, method: Request['method']): Promise<Request['headers']> {
    if ('token' in address) return { authorization: `Bearer ${address.token}` };
    const { cookie } = address;
    if (method === 'GET') return { cookie };
    this.#csrf ??= csrfOf(parsed(await textOf(await this.#ask({ path: '/me', method: 'GET', headers: {} }))));
    return { cookie, 'x-csrf-token': this.#csrf };
  }
}

interface Request {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

function requestOf({ method, path, body, key }: Sent): Request {
  if (method === 'GET') return { path, method, headers: {} };
  const headers = { 'content-type': 'application/json', 'idempotency-key': key ?? crypto.randomUUID() };
  return { path, method, headers, body: JSON.stringify(body ?? {}) };
}

function csrfOf(me: unknown): string {
  if (typeof me === 'object' && me !== null && 'csrf' in me && typeof me.csrf === 'string') return me.csrf;
  throw new RequestError('UNAUTHENTICATED', 'Cannot serve the request: the cookie is of no session');
}

async function readAnswer<T>(response: Response, read: (json: string) => T): Promise<T> {
  const text = await textOf(response);
  // What is no JSON at all comes from something in between that gave up half-way.
  if (parsed(text) === undefined) throw brokenOff();
  return read(text);
}

function textOf(response: Response): Promise<string> {
  return response.text().catch((error: unknown) => {
    throw brokenOff(error);
  });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  const buffer = await response.arrayBuffer().catch((error: unknown) => {
    throw brokenOff(error);
  });
  return new Uint8Array(buffer);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function openBody({ body }: Response): Promise<AsyncIterable<Uint8Array>> {
  if (body === null) throw brokenOff();
  return body;
}

async function* messagesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  try {
    yield* readEventStream(body);
  } catch (error) {
    throw brokenOff(error);
  }
  throw brokenOff();
}

async function* whole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw brokenOff(error);
  }
}

/** An answer that breaks off half-way is no answer. */
function brokenOff(cause?: unknown): RequestError {
  return new RequestError('NOT_CONNECTED', 'Cannot hear the engine any more: its answer broke off', { cause });
}
