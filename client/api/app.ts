import { createHash, timingSafeEqual } from 'node:crypto';

import fastify from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { backupMetrics } from '../backup-metrics';
import { metricsType, prometheusText } from '../prometheus-text';
import type { ApiContext, ChannelContext } from './context';
import { problemOf, RequestError } from './errors';
import { openApiDocument } from './openapi';
import { eventStreamType } from './event-stream';
import type { Caller, Route } from './route';
import { backupRoutes } from './routes/backups';
import { calendarRoutes } from './routes/calendars';
import { durationRoutes } from './routes/durations';
import { changeRoutes } from './routes/changes';
import { definitionRoutes } from './routes/definitions';
import { historyRoutes } from './routes/history';
import { addHooks } from './routes/hooks';
import { runRoutes } from './routes/runs';
import { systemRoutes } from './routes/system';
import { taskRoutes } from './routes/tasks';
import { addVotePages } from './routes/votes';

export interface AppOptions {
  readonly context: ApiContext;
  /** The generated token of the data directory. */
  readonly token: string;
  /** Absent: votes come through this API only. */
  readonly channels?: ChannelContext;
  readonly logger?: FastifyBaseLogger;
}

export const routes: readonly Route[] = [
  ...runRoutes,
  ...historyRoutes,
  ...taskRoutes,
  ...changeRoutes,
  ...backupRoutes,
  ...definitionRoutes,
  ...calendarRoutes,
  ...durationRoutes,
  ...systemRoutes,
];

const base = '/api/v1';
/** Where Prometheus looks for it; it sends the token as its `authorization.credentials`. */
const metricsPath = '/metrics';
/** A plan of 10,000 hosts is some megabytes; its files are at most 1 MiB each. */
const bodyLimitBytes = 64 * 1024 * 1024;

/** Builds the API without listening, so that tests can inject requests. */
export function buildApp(options: AppOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    requestTimeout: 0,
    ...(options.logger === undefined ? { logger: false } : { loggerInstance: options.logger }),
    genReqId: () => crypto.randomUUID(),
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const found = new RequestError('ROUTE_NOT_FOUND', `Cannot ${request.method} "${request.url}": no such route`);
    return sendProblem(found, request, reply);
  });
  app.addHook('onRequest', async (request) => {
    if (isGuarded(request.url) && !isAuthentic(request, options.token)) {
      throw new RequestError('UNAUTHENTICATED', 'Cannot serve the request: the bearer token is missing or wrong');
    }
  });
  app.get('/healthz', async () => ({ ok: true }));
  app.get(metricsPath, async (_request, reply) => {
    void reply.type(metricsType);
    return prometheusText(backupMetrics(await options.context.backups.scores(), Date.now()));
  });
  app.get(`${base}/openapi.json`, async () => openApiDocument(routes, options.context.version));
  for (const route of routes) addRoute(app, route, options.context);
  if (options.channels !== undefined) {
    addVotePages(app, options.channels);
    addHooks(app, options.channels);
  }
  return app;
}

function addRoute(app: FastifyInstance, route: Route, context: ApiContext): void {
  app.route({
    method: route.method,
    url: `${base}${route.path}`,
    handler: async (request, reply) => {
      const { params, query, body } = request;
      const answer = await route.serve({ params, query, body, caller: callerOf(request, reply) }, context);
      if (route.produces === eventStreamType) void reply.type(eventStreamType).header('cache-control', 'no-store');
      return answer;
    },
  });
}

/** The embedded API has one token: whoever holds it may act as anybody, and the journal says so. */
const viaToken = 'admin-token';

function callerOf(request: FastifyRequest, reply: FastifyReply): Caller {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const { 'idempotency-key': key, 'last-event-id': lastEventId } = request.headers;
  return {
    via: viaToken,
    signal: gone.signal,
    ...(typeof key === 'string' && key !== '' ? { idempotencyKey: key } : {}),
    ...(typeof lastEventId === 'string' ? { lastEventId } : {}),
  };
}

function isGuarded(url: string): boolean {
  return url.startsWith(base) || url.startsWith(metricsPath);
}

/** Compares digests, so that neither content nor length of the token shows in the time it takes. */
function isAuthentic(request: FastifyRequest, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) request.log.error({ err: error, requestId: request.id }, 'request failed');
  return reply.code(problem.status).type('application/problem+json').send(problem);
}
