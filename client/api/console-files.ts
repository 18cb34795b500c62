import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Beside the built API: where the build of the console puts its files. */
export const consoleFolder = join(__dirname, '..', '..', 'console');

/** Whatever stands below these is no page of the console: who asks for what is not there is told so. */
const reserved = ['api', 'hooks', 'votes', 'auth', 'metrics', 'healthz'];

/** Files whose names hold a digest of their content: what was fetched once never changes. */
const hashedFolder = '/assets/';

/** Serves the console's files, and its one page for every address within it. Without a build there is no console. */
export function addConsole(app: FastifyInstance, folder: string = consoleFolder): void {
  if (!existsSync(join(folder, 'index.html'))) return;
  void app.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
  app.get('/*', async (request, reply) => {
    const path = posix.normalize(request.url.replace(/[?#].*$/, ''));
    if (reserved.includes(path.split('/')[1] ?? '')) return reply.callNotFound();
    if (path.startsWith(hashedFolder))
      return reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(path);
    return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').sendFile('index.html');
  });
}
