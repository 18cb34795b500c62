/** What programs import as `mainstay/client`. */
export { createClient } from './client';
export type { Client, ClientOptions } from './client';
export { ApiRefusal, isApiRefusal } from './refusal';
export type { AnswerOf, BodyOf, QueryOf, RouteKey } from './types';
