import { z } from 'zod';

import { Connection } from './connection';
import type { EngineAccess, EngineAddress } from './connection';
import { filledPath, withQuery } from './path';
import { createResources } from './resources';
import type { Resources } from './resources';
import type { AnswerOf, ArgsOf, DownloadKey, FeedKey, JsonKey, RequestOf, RouteKey } from './types';

/** Where the API is, who asks, and how long an engine that is away is waited for. */
export type ClientOptions = EngineAddress & Partial<Omit<EngineAccess, 'locate'>> & { readonly signal?: AbortSignal };

/**
 * The API with the types of its routes.
 *
 * Every route can be called by its name, `client.call('GET /runs/:ref', { params: { ref: 12 } })`; what is used most has a face of its
 * own, `client.runs.show(12)`. A refusal is an `ApiRefusal` with code and hint. Requests are sent again when the line breaks, under an
 * idempotency key where they change something.
 */
export interface Client extends Resources {
  readonly call: Call;
  readonly listen: Listen;
  readonly download: Fetch;
}

export type Call = <K extends JsonKey>(route: K, ...args: ArgsOf<K>) => Promise<AnswerOf<K>>;
/** It goes on after a break where it was. */
export type Listen = <K extends FeedKey>(route: K, ...args: ArgsOf<K>) => AsyncGenerator<AnswerOf<K>>;
/** All of it, or with `range` (`bytes=0-499`) a part. */
export type Fetch = <K extends DownloadKey>(route: K, request: RequestOf<K>, range?: string) => Promise<Uint8Array>;

export function createClient(options: ClientOptions): Client {
  const { note = () => undefined, pause = pauseFor, signal, ...address } = options;
  const connection = new Connection({ locate: () => Promise.resolve(address), note, pause }, signal ?? null);
  function call<K extends JsonKey>(route: K, ...[request]: ArgsOf<K>): Promise<AnswerOf<K>> {
    const { method, path, parts } = addressed(route, request);
    const sent = { method, path, body: parts.body, ...(parts.key === undefined ? {} : { key: parts.key }) };
    return connection.send<AnswerOf<K>>(sent, told);
  }
  function listen<K extends FeedKey>(route: K, ...[request]: ArgsOf<K>): AsyncGenerator<AnswerOf<K>> {
    return listenTo<AnswerOf<K>>(connection, addressed(route, request).path);
  }
  function download<K extends DownloadKey>(route: K, request: RequestOf<K>, range?: string): Promise<Uint8Array> {
    return connection.bytes(addressed(route, request).path, range);
  }
  return { call, listen, download, ...createResources({ call, listen, download }) };
}

/** A message may tell of several things at once. */
async function* listenTo<T>(connection: Connection, path: string): AsyncGenerator<T> {
  for await (const message of connection.feed<T | readonly T[]>(path, told)) {
    if (isSeveral(message)) yield* message;
    else yield message;
  }
}

function isSeveral<T>(message: T | readonly T[]): message is readonly T[] {
  return Array.isArray(message);
}

/** What a route answers is what it says that it answers: a test holds every route to it. */
function told<T>(json: string): T {
  const answer: T = JSON.parse(json);
  return answer;
}

const Parts = z.object({
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  query: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.undefined()]))
    .default({}),
  body: z.unknown().optional(),
  key: z.string().optional(),
});

function addressed(route: RouteKey, request: unknown) {
  const parts = Parts.parse(typeof request === 'object' ? request : {});
  const [method, template = ''] = route.split(' ');
  const path = withQuery(filledPath(template, parts.params), parts.query);
  return { method: method === 'POST' ? ('POST' as const) : ('GET' as const), path, parts };
}

function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
