import type { z } from 'zod';

import type { bytesType } from '../api/download';
import type { eventStreamType } from '../api/event-stream';
import type { ApiRoute } from '../api/routes';

/** Types of requests and answers, as the routes themselves have them: `GET /runs/:ref` names a route. */

type KeyOf<R> = R extends { readonly method: infer M extends string; readonly path: infer P extends string }
  ? `${M} ${P}`
  : never;

type Routes = { readonly [R in ApiRoute as KeyOf<R>]: R };

export type RouteKey = keyof Routes;

type Producing<Type> = {
  [K in RouteKey]: Routes[K] extends { readonly produces: infer P } ? ([P] extends [Type] ? K : never) : never;
}[RouteKey];

export type JsonKey = Producing<'application/json'>;
export type FeedKey = Producing<typeof eventStreamType>;
export type DownloadKey = Producing<typeof bytesType>;

type SchemasOf<K extends RouteKey> = Routes[K]['schemas'];

/** Of a feed: of one event. */
export type AnswerOf<K extends RouteKey> = z.output<SchemasOf<K>['answer']>;
export type BodyOf<K extends RouteKey> = z.input<SchemasOf<K>['body']>;

/** In an address everything is text; whoever asks writes numbers and truth values as such. */
export type QueryOf<K extends RouteKey> = QueryFields<SchemasOf<K>['query']>;

type QueryFields<Q extends z.ZodType> =
  unknown extends z.input<Q>
    ? Nothing
    : {
        readonly [F in keyof z.input<Q>]: Written<z.input<Q>[F], F extends keyof z.output<Q> ? z.output<Q>[F] : never>;
      };

type Written<In, Out> = unknown extends In ? Out : [Out] extends [boolean | undefined] ? boolean : In;

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type ParamsOf<K extends RouteKey> = { readonly [N in ParamNames<K>]: string | number };

type Nothing = Readonly<Record<never, never>>;

type PartOf<Name extends string, Part> = [keyof Part] extends [never]
  ? object
  : object extends Part
    ? { readonly [N in Name]?: Part }
    : { readonly [N in Name]: Part };

export type RequestOf<K extends RouteKey> = PartOf<'params', ParamsOf<K>> &
  PartOf<'query', QueryOf<K>> &
  (K extends `POST ${string}` ? { readonly body: BodyOf<K>; readonly key?: string } : object);

/** What a route needs nothing of may be called with nothing. */
export type ArgsOf<K extends RouteKey> =
  object extends RequestOf<K> ? [request?: RequestOf<K>] : [request: RequestOf<K>];
