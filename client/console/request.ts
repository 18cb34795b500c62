import { filledPath } from '../typed/path';
import type { Query } from '../typed/path';
import type { BodyOf, JsonKey, QueryOf, RequestOf, RouteKey } from '../typed/types';

/** What is read, and what is sent: routes by their names, `GET /runs/:ref`. */
export type GetKey = Extract<RouteKey, `GET ${string}`>;
export type ReadKey = Extract<JsonKey, GetKey>;
export type SendKey = Exclude<JsonKey, GetKey>;

/** What answers page after page: it is asked on by cursor. */
export type PagesKey = { [K in ReadKey]: 'cursor' extends keyof QueryOf<K> ? K : never }[ReadKey];

/** What is told as text, as filters of a page are, is passed on as it stands: the API says what it does not know. */
export type FiltersOf<K extends RouteKey> = { readonly [F in keyof QueryOf<K>]?: string | undefined };

/** Everything of a request but what is sent. */
export type AddressOf<K extends RouteKey> = Omit<RequestOf<K>, 'body'> & { readonly filters?: FiltersOf<K> };

/** What is sent is read and no more: whoever sends may keep it as it is. */
export type SentOf<K extends SendKey> = Unchanged<BodyOf<K>>;

type Unchanged<T> = T extends readonly (infer Item)[]
  ? readonly Unchanged<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Unchanged<T[Name]> }
    : T;

interface Address {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Query;
  readonly filters?: Query;
  /** The same key twice is one request: for what must not happen twice when an answer is lost. */
  readonly key?: string;
}

export interface Addressed {
  /** Below the API, encoded. What was read is known by it, so that live news can name what is out of date. */
  readonly path: string;
  readonly query: Query;
  readonly key: string | undefined;
}

/** Where a route finds what is asked for. Whoever calls names a route; inside, all of them are alike. */
export function addressed<K extends RouteKey>(route: K, address: AddressOf<K>): Addressed;
export function addressed(route: string, { params = {}, query = {}, filters = {}, key }: Address): Addressed {
  const template = route.slice(route.indexOf(' ') + 1);
  return { path: filledPath(template, params), query: { ...filters, ...query }, key };
}

/** The same from a place in the list on; nothing: from its beginning. */
export function after<K extends RouteKey>(address: AddressOf<K>, cursor: string): AddressOf<K> {
  return cursor === '' ? address : { ...address, filters: { ...address.filters, cursor } };
}
