import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Everything is ours and in files of its own: nothing inline, nothing from elsewhere, never within another page. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

const always: { readonly [name: string]: string } = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Addresses of ours name runs, hosts and people.
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Two years: what browsers ask for before they ship a name in their own list. */
const transportSecurity = 'max-age=63072000';

/** What is answered there belongs to whoever asked. */
const personal = /^\/(api|auth)\//;

/** Of every answer, before anything else looks at the request: a handler with stricter headers writes its own over them. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => setSecurityHeaders(request, reply));
}

export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers(always);
  if (request.protocol === 'https') void reply.header('strict-transport-security', transportSecurity);
  if (personal.test(request.routeOptions.url ?? request.url)) void reply.header('cache-control', 'no-store');
}
