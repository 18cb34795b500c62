import type { FastifyInstance, FastifyRequest } from 'fastify';

import { nobodyAccess } from '../access';
import type { Access } from '../access';
import type { Identity } from '../identity/identity';
import { RequestError } from './errors';

/** Which addresses are behind the door, and which of them whoever has shown nothing yet may ask for, too. */
export interface Door {
  readonly isGuarded: (address: string) => boolean;
  readonly isOpen: (method: string, address: string) => boolean;
  /** People sign in at an OpenID provider: whoever is not signed in is told so. */
  readonly hasProvider: boolean;
}

const known = new WeakMap<FastifyRequest, Access>();

/**
 * Finds out who asks, before anything else of a request is read.
 *
 * - A1 By the address that a route was found under, not by the one that was written: `/%61pi` is another spelling of `/api`.
 * - A2 A cookie comes along with whatever a page of another site sends. What changes something needs besides what only pages of ours know.
 */
export function addAuthentication(app: FastifyInstance, identity: Pick<Identity, 'authenticate'>, door: Door): void {
  app.addHook('onRequest', async (request) => {
    const address = request.routeOptions.url ?? request.url;
    if (!door.isGuarded(address)) return;
    if (door.isOpen(request.method, address)) {
      refuseOtherSites(request);
      known.set(request, nobodyAccess);
      return;
    }
    const access = await identity.authenticate(request);
    if (access === null)
      throw new RequestError(
        'UNAUTHENTICATED',
        'Cannot serve the request: nobody is signed in, and the bearer token is missing or wrong',
        { detail: { oidc: door.hasProvider } },
      );
    refuseForgery(request, access);
    known.set(request, access);
  });
}

/** Whoever asks; a route that was never guarded serves nobody. */
export function accessOf(request: FastifyRequest): Access {
  const access = known.get(request);
  if (access !== undefined) return access;
  throw new RequestError('UNAUTHENTICATED', 'Cannot serve the request: nobody has asked who the caller is');
}

/** How often somebody who listens for long is asked again who they are. */
const recheckMs = 5_000;

/** Calls back once whoever asks is not let in any more, or not with the same grants. Answers how to stop looking. */
export function watchAccess(
  { request, access }: { readonly request: FastifyRequest; readonly access: Access },
  identity: Pick<Identity, 'authenticate'>,
  gone: () => void,
): () => void {
  const granted = JSON.stringify(access.grants);
  const timer = setInterval(() => {
    identity.authenticate(request).then(
      (now) => {
        if (now === null || JSON.stringify(now.grants) !== granted) gone();
      },
      // A store that is away for a moment says nothing about the caller; the next look will.
      (error: unknown) => request.log.warn({ err: error }, 'caller not looked at again'),
    );
  }, recheckMs);
  timer.unref();
  return () => clearInterval(timer);
}

const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function refuseForgery(request: FastifyRequest, { proof }: Access): void {
  if (proof.kind !== 'session' || harmless.has(request.method)) return;
  refuseOtherSites(request);
  if (request.headers['x-csrf-token'] === proof.csrf) return;
  throw new RequestError(
    'FORGERY_SUSPECTED',
    'Cannot serve the request: its header "x-csrf-token" is missing or wrong',
  );
}

/** Browsers say where a request began; other programs say nothing. */
function refuseOtherSites({ method, headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (harmless.has(method) || site === undefined || site === 'same-origin' || site === 'none') return;
  throw new RequestError('FORGERY_SUSPECTED', 'Cannot serve the request: a page of another site has sent it');
}
