import type { z } from 'zod';

import { Connection } from '../typed/connection';
import type { EngineAccess } from '../typed/connection';
import { withQuery } from '../typed/path';
import type { Query } from '../typed/path';

/** The API as the CLI speaks it: the connection of every client, and every answer is parsed. */
export class ApiClient {
  readonly #connection: Connection;

  constructor(access: EngineAccess | Connection) {
    this.#connection = access instanceof Connection ? access : new Connection(access);
  }

  /** The same, but its requests end when the signal is aborted. */
  until(signal: AbortSignal): ApiClient {
    return new ApiClient(this.#connection.until(signal));
  }

  /** The same, but an engine that is away is not waited for. */
  atOnce(): ApiClient {
    return new ApiClient(this.#connection.atOnce());
  }

  get<T>(path: string, query: Query, answer: z.ZodType<T>): Promise<T> {
    return this.#connection.send({ method: 'GET', path: withQuery(path, query) }, (json) =>
      answer.parse(JSON.parse(json)),
    );
  }

  post<T>(path: string, request: { readonly body: unknown; readonly key?: string }, answer: z.ZodType<T>): Promise<T> {
    return this.#connection.send({ method: 'POST', path, ...request }, (json) => answer.parse(JSON.parse(json)));
  }

  /** A download, piece by piece: from its beginning again where the line breaks. */
  receive<T>(path: string, take: (body: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T> {
    return this.#connection.receive(path, take);
  }

  /** What happens, as it happens, over restarts of the engine. */
  feed<T>(path: string, query: Query, event: z.ZodType<T>): AsyncGenerator<T> {
    return this.#connection.feed(withQuery(path, query), (json) => event.parse(JSON.parse(json)));
  }
}
