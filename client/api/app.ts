import fastify from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Secrets } from '../../platform/secrets';
import type { JsonObject } from '../../workflows/domain/json';
import type { Access } from '../access';
import { cookieHeader } from '../identity/cookies';
import { addOidcRoutes } from '../identity/oidc-routes';
import type { OidcPlace } from '../identity/oidc-routes';
import { metricsType } from '../prometheus-text';
import { addAuthentication, accessOf, watchAccess } from './authentication';
import { refuseBrokenRequest } from './client-errors';
import { addConsole } from './console-files';
import type { ApiContext, ChannelContext } from './context';
import { isDownload } from './download';
import { problemOf, RequestError } from './errors';
import { openApiDocument } from './openapi';
import { eventStreamType } from './event-stream';
import { createMetrics } from './metrics';
import type { Metrics } from './metrics';
import { bodyLimitOf, guardPerimeter, loopbackPerimeter, perimeterOptions } from './perimeter';
import type { Perimeter } from './perimeter';
import { addReader } from './reader';
import type { Caller, Route } from './route';
import { routes } from './routes';
import { addHookCalls } from './routes/hook-calls';
import { addHooks } from './routes/hooks';
import { addVotePages } from './routes/votes';
import { setSecurityHeaders } from './security-headers';

export interface AppOptions {
  readonly context: ApiContext;
  /** The generated token of the data directory. */
  readonly token: string;
  /** Absent: votes come through this API only. */
  readonly channels?: ChannelContext;
  /** Of the hooks that are published; absent: nobody calls them. */
  readonly hookSecrets?: Secrets;
  readonly logger?: FastifyBaseLogger;
  /** Absent: this machine alone reaches it. */
  readonly perimeter?: Perimeter;
  /** Absent: nobody signs in but by links. */
  readonly oidc?: Omit<OidcPlace, 'sessions'>;
}

const base = '/api/v1';
/** What may be asked is no secret; what it answers is. */
const documentPath = `${base}/openapi.json`;
/** Where Prometheus looks for it; it sends the token as its `authorization.credentials`. */
const metricsPath = '/metrics';

/** Builds the API without listening, so that tests can inject requests. */
export function buildApp(options: AppOptions): FastifyInstance {
  const { perimeter = loopbackPerimeter } = options;
  const app = fastify({
    ...perimeterOptions(perimeter),
    ...(options.logger === undefined ? { logger: false } : { loggerInstance: options.logger }),
    clientErrorHandler: refuseBrokenRequest,
    // Of addresses that cannot be read no hook hears.
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(request, reply);
      void sendProblem(error, request, reply);
    },
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const found = new RequestError('ROUTE_NOT_FOUND', `Cannot ${request.method} "${request.url}": no such route`);
    return sendProblem(found, request, reply);
  });
  guardPerimeter(app, perimeter, options.token);
  addAuthentication(app, options.context.identity, { isGuarded, isOpen, hasProvider: options.oidc !== undefined });
  const metrics = createMetrics(options.context);
  let document: JsonObject | null = null;
  app.addHook('onResponse', async (request, reply) => observe(metrics, request, reply));
  app.get('/healthz', async () => ({ ok: true }));
  app.get(metricsPath, async (request, reply) => {
    accessOf(request).require('metrics.read', {});
    void reply.type(metricsType);
    return metrics.text();
  });
  app.get(documentPath, async () => (document ??= openApiDocument(routes, options.context.version)));
  addReader(app);
  for (const route of routes) addRoute(app, route, { context: options.context, perimeter, metrics });
  if (options.channels !== undefined) {
    addVotePages(app, options.channels);
    addHooks(app, options.channels);
  }
  if (options.hookSecrets !== undefined) {
    const { context, hookSecrets: secrets } = options;
    addHookCalls(app, { ...context, secrets, grants: context.identity.grants, now: Date.now });
  }
  if (options.oidc !== undefined) addOidcRoutes(app, { ...options.oidc, sessions: options.context.identity.sessions });
  addConsole(app);
  return app;
}

interface Place {
  readonly context: ApiContext;
  readonly perimeter: Perimeter;
  readonly metrics: Metrics;
}

/** A feed lasts as long as somebody listens: that says nothing of how long it takes to answer. */
function observe(metrics: Metrics, request: FastifyRequest, reply: FastifyReply): void {
  if (String(reply.getHeader('content-type')).startsWith(eventStreamType)) return;
  const { url: route = 'none' } = request.routeOptions;
  metrics.served({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
}

function addRoute(app: FastifyInstance, route: Route, { context, perimeter, metrics }: Place): void {
  app.route({
    method: route.method,
    url: `${base}${route.path}`,
    bodyLimit: bodyLimitOf(route),
    handler: async (request, reply) => {
      const { params, query, body } = request;
      const caller = callerOf(request, reply, perimeter);
      if (route.produces === eventStreamType) {
        endWithAccess(caller, request, context);
        caller.signal.addEventListener('abort', metrics.listening(), { once: true });
      }
      const answer = await route.serve({ params, query, body, caller }, context);
      if (isDownload(answer)) return reply.code(answer.status).headers(answer.headers).send(answer.bytes);
      if (route.produces === eventStreamType) void reply.type(eventStreamType).header('cache-control', 'no-store');
      return answer;
    },
  });
}

interface LiveCaller extends Caller {
  readonly gone: AbortController;
}

function callerOf(request: FastifyRequest, reply: FastifyReply, { publicUrl }: Perimeter): LiveCaller {
  const access = accessOf(request);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const secure = request.protocol === 'https' || publicUrl?.startsWith('https:') === true;
  const { 'idempotency-key': key, 'last-event-id': lastEventId, range } = request.headers;
  return {
    access,
    gone,
    origin: publicUrl ?? `${request.protocol}://${request.host}`,
    signal: gone.signal,
    setCookie: (name, { value, maxAgeMs }) =>
      void reply.header('set-cookie', cookieHeader(name, value, { path: '/', maxAgeMs, secure })),
    ...(typeof key === 'string' && key !== '' ? { idempotencyKey: ownKey(access, key) } : {}),
    ...(typeof lastEventId === 'string' ? { lastEventId } : {}),
    ...(range === undefined ? {} : { range }),
  };
}

/** Nobody gets at what somebody else has started by the key that they started it with. */
function ownKey({ actor, proof }: Access, key: string): string {
  return proof.kind === 'admin-token' ? key : `${actor}:${key}`;
}

/** A feed goes on for hours: it ends with the session, or with the grants, that it was asked for by. */
function endWithAccess({ access, gone }: LiveCaller, request: FastifyRequest, { identity }: ApiContext): void {
  const stop = watchAccess({ request, access }, identity, () => gone.abort());
  gone.signal.addEventListener('abort', stop, { once: true });
}

function isGuarded(address: string): boolean {
  return (address.startsWith(base) && address !== documentPath) || address.startsWith(metricsPath);
}

const openRoutes: ReadonlySet<string> = new Set(
  routes.filter(({ action }) => action === 'anybody').map(({ method, path }) => `${method} ${base}${path}`),
);

function isOpen(method: string, address: string): boolean {
  return openRoutes.has(`${method} ${address}`);
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
  return reply.code(problem.status).type('application/problem+json').send(problem);
}
