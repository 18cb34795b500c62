import { dirname } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const path = '/api/docs';

/** Its own files, and no others of the package. */
const files: ReadonlySet<string> = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png']);

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Mainstay API</title>
    <link rel="stylesheet" href="${path}/swagger-ui.css">
    <link rel="icon" href="${path}/favicon-32x32.png">
  </head>
  <body>
    <div id="reader"></div>
    <script src="${path}/swagger-ui-bundle.js"></script>
    <script src="${path}/start.js"></script>
  </body>
</html>
`;

/** In a file of its own: no script stands in a page. Whoever is signed in tries things out under their session. */
const script = `'use strict';
let csrf = null;
async function prove(request) {
  if (request.method === 'GET' || request.headers.Authorization !== undefined) return request;
  if (csrf === null) csrf = (await (await fetch('/api/v1/me')).json()).csrf;
  if (typeof csrf === 'string') request.headers['x-csrf-token'] = csrf;
  return request;
}
SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#reader',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
  requestInterceptor: prove,
});
`;

/** The document of the API to read and to try out: everything it needs is served from here. */
export function addReader(app: FastifyInstance): void {
  app.get(path, async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  app.get(`${path}/start.js`, async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script));
  void app.register(fastifyStatic, {
    root: dirname(require.resolve('swagger-ui-dist/package.json')),
    prefix: `${path}/`,
    decorateReply: false,
    index: false,
    allowedPath: (file) => files.has(file),
  });
}
