import { z } from 'zod';

import type { FeedEvent } from '../live-feed';
import type { ApiContext } from './context';
import { RequestError } from './errors';
import { eventStream, eventStreamType } from './event-stream';

/** One route: what it takes, what it answers, and what it does. Everything that comes in is parsed here, once. */
export interface RouteSpec<P, Q, B, A> {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`, with `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly params: z.ZodType<P>;
  readonly query: z.ZodType<Q>;
  readonly body: z.ZodType<B>;
  readonly answer: z.ZodType<A>;
  readonly handle: (call: Call<P, Q, B>, context: ApiContext) => Promise<A>;
}

export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
}

export interface Caller {
  /** How the caller proved who it is; journaled with everything it does. */
  readonly via: string;
  readonly idempotencyKey?: string;
  /** Where a listener that lost the line wants to go on. */
  readonly lastEventId?: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

export type IncomingCall = Call<unknown, unknown, unknown>;

/** A route with its types hidden, so that routes of every shape stand in one list. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly produces: 'application/json' | typeof eventStreamType;
  readonly schemas: {
    readonly params: z.ZodType;
    readonly query: z.ZodType;
    readonly body: z.ZodType;
    readonly answer: z.ZodType;
  };
  readonly serve: (incoming: IncomingCall, context: ApiContext) => Promise<unknown>;
}

export function defineRoute<P, Q, B, A>(spec: RouteSpec<P, Q, B, A>): Route {
  return routeOf({ ...spec, produces: 'application/json' });
}

/** A route that answers with what happens as it happens: `answer` is the shape of one event's data. */
export function defineFeed<P, Q, A>(
  spec: Omit<RouteSpec<P, Q, unknown, A>, 'handle'> & {
    /** Name of the events. */
    readonly event: string;
    readonly handle: (call: Call<P, Q, unknown>, context: ApiContext) => Promise<AsyncIterable<FeedEvent<A>>>;
  },
): Route {
  const { event, handle } = spec;
  return routeOf({
    ...spec,
    produces: eventStreamType,
    handle: async (call, context) => eventStream(event, await handle(call, context)),
  });
}

interface AnyRouteSpec<P, Q, B> extends Omit<RouteSpec<P, Q, B, unknown>, 'handle'>, Pick<Route, 'produces'> {
  readonly handle: (call: Call<P, Q, B>, context: ApiContext) => Promise<unknown>;
}

function routeOf<P, Q, B>(spec: AnyRouteSpec<P, Q, B>): Route {
  const { method, path, summary, produces, params, query, body, answer } = spec;
  return {
    method,
    path,
    summary,
    produces,
    schemas: { params, query, body, answer },
    serve: (incoming, context) =>
      spec.handle(
        {
          params: parsePart('path', params, incoming.params),
          query: parsePart('query', query, incoming.query),
          body: parsePart('body', body, incoming.body),
          caller: incoming.caller,
        },
        context,
      ),
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

function parsePart<T>(part: string, schema: z.ZodType<T>, value: unknown): T {
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
