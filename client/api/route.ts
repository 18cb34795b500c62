import { z } from 'zod';

import type { Access } from '../access';
import type { FeedEvent } from '../live-feed';
import { admitAtAll, admitTo } from './authorize';
import type { About, Admission } from './authorize';
import type { ApiContext } from './context';
import { bytesType } from './download';
import type { Download } from './download';
import { RequestError } from './errors';
import { eventStream, eventStreamType } from './event-stream';
import { flawOf } from './flaw';

/** The types of a route: those of its schemas, and the address that names it. */
export interface RouteTypes {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  readonly answer: z.ZodType;
}

/** What came in, parsed. */
type CallOf<T extends RouteTypes> = Call<z.output<T['params']>, z.output<T['query']>, z.output<T['body']>>;

/** One route: what it takes, what it answers, and what it does. Everything that comes in is parsed here, once. */
interface Described<T extends RouteTypes> {
  readonly method: T['method'];
  /** Below `/api/v1`, with `:name` for parameters. */
  readonly path: T['path'];
  readonly summary: string;
  /** What the caller must be allowed to do. */
  readonly action: Admission;
  /** To what. */
  readonly about: About<CallOf<T>>;
  readonly params: T['params'];
  readonly query: T['query'];
  readonly body: T['body'];
  readonly answer: T['answer'];
}

interface RouteSpec<T extends RouteTypes> extends Described<T> {
  readonly handle: (call: CallOf<T>, context: ApiContext) => Promise<z.output<T['answer']>>;
}

export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
}

export interface Caller {
  readonly access: Access;
  /** Where people reach us, as `https://mainstay.example`. */
  readonly origin: string;
  /** Sent with the answer. No time: it is taken away. */
  readonly setCookie: (name: string, cookie: { readonly value: string; readonly maxAgeMs: number }) => void;
  readonly idempotencyKey?: string;
  /** Where a listener that lost the line wants to go on. */
  readonly lastEventId?: string;
  /** Which bytes of a download are wanted: `bytes=0-499`. */
  readonly range?: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export type IncomingCall = Call<unknown, unknown, unknown>;

/** A route with its types hidden, so that routes of every shape stand in one list. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly action: Admission;
  readonly isAbout: 'anything' | 'everything' | 'filtered' | 'subject';
  readonly produces: 'application/json' | typeof eventStreamType | typeof bytesType;
  readonly schemas: {
    readonly params: z.ZodType;
    readonly query: z.ZodType;
    readonly body: z.ZodType;
    readonly answer: z.ZodType;
  };
  readonly serve: (incoming: IncomingCall, context: ApiContext) => Promise<unknown>;
}

/** A route whose types clients are derived from. */
export interface TypedRoute<
  T extends RouteTypes,
  Produces extends Route['produces'] = 'application/json',
> extends Route {
  readonly produces: Produces;
  readonly method: T['method'];
  readonly path: T['path'];
  readonly schemas: Pick<T, 'params' | 'query' | 'body' | 'answer'>;
}

export interface Types<M, Path, P, Q, B, A> {
  readonly method: M;
  readonly path: Path;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly answer: A;
}

export function defineRoute<
  M extends Route['method'],
  Path extends string,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
>(spec: RouteSpec<Types<M, Path, P, Q, B, A>>): TypedRoute<Types<M, Path, P, Q, B, A>> {
  return routeOf(spec, 'application/json', spec.handle);
}

/** A route that answers with what happens as it happens: `answer` is the shape of one event's data. */
export function defineFeed<Path extends string, P extends z.ZodType, Q extends z.ZodType, A extends z.ZodType>(
  spec: Described<Types<'GET', Path, P, Q, z.ZodUnknown, A>> & {
    /** Name of the events. */
    readonly event: string;
    /** One message tells all there is: its data is a list of `answer`. */
    readonly inLists?: (query: z.output<Q>) => boolean;
    readonly handle: (
      call: CallOf<Types<'GET', Path, P, Q, z.ZodUnknown, A>>,
      context: ApiContext,
    ) => Promise<AsyncIterable<FeedEvent<z.output<A>>>>;
  },
): TypedRoute<Types<'GET', Path, P, Q, z.ZodUnknown, A>, typeof eventStreamType> {
  const { event, handle, inLists = () => false } = spec;
  return routeOf(spec, eventStreamType, async (call, context) =>
    eventStream({ event, inLists: inLists(call.query) }, await handle(call, context)),
  );
}

/** A route that answers with bytes as they are, or a part of them. */
export function defineDownload<Path extends string, P extends z.ZodType, Q extends z.ZodType>(
  spec: Omit<Described<Types<'GET', Path, P, Q, z.ZodUnknown, typeof ignored>>, 'answer'> & {
    readonly handle: (
      call: CallOf<Types<'GET', Path, P, Q, z.ZodUnknown, typeof ignored>>,
      context: ApiContext,
    ) => Promise<Download>;
  },
): TypedRoute<Types<'GET', Path, P, Q, z.ZodUnknown, typeof ignored>, typeof bytesType> {
  return routeOf({ ...spec, answer: ignored }, bytesType, spec.handle);
}

function routeOf<T extends RouteTypes, Produces extends Route['produces']>(
  spec: Described<T>,
  produces: Produces,
  handle: (call: CallOf<T>, context: ApiContext) => Promise<unknown>,
): TypedRoute<T, Produces> {
  const { method, path, summary, action, about, params, query, body, answer } = spec;
  return {
    method,
    path,
    summary,
    action,
    isAbout: typeof about === 'string' ? about : 'subject',
    produces,
    schemas: { params, query, body, answer },
    async serve(incoming, context) {
      const { caller } = incoming;
      admitAtAll(caller.access, action, about);
      const call = {
        params: parsePart('path', params, incoming.params),
        query: parsePart('query', query, incoming.query),
        body: parsePart('body', body, incoming.body),
        caller,
      };
      const subject = typeof about === 'string' ? null : await about(call, context);
      if (subject !== null) admitTo(caller.access, action, subject);
      return handle(call, context);
    },
  };
}

/** For the parts that a route does not look at. */
export const ignored = z.unknown();

export function get<const Path extends string>(
  path: Path,
): { method: 'GET'; path: Path; params: z.ZodUnknown; query: z.ZodUnknown; body: z.ZodUnknown } {
  return { method: 'GET', path, params: ignored, query: ignored, body: ignored };
}

export function post<const Path extends string>(
  path: Path,
): { method: 'POST'; path: Path; params: z.ZodUnknown; query: z.ZodUnknown; body: z.ZodUnknown } {
  return { method: 'POST', path, params: ignored, query: ignored, body: ignored };
}

function parsePart<S extends z.ZodType>(part: string, schema: S, value: unknown): z.output<S> {
  const flaw = flawOf(value);
  if (flaw !== null) throw new RequestError('REQUEST_INVALID', `Cannot read the ${part} of the request: ${flaw}`);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.') || part}: ${issue.message}`);
  throw new RequestError(
    'REQUEST_INVALID',
    `Cannot read the ${part} of the request: ${problems.slice(0, 5).join('; ')}`,
    {
      detail: { problems },
    },
  );
}
