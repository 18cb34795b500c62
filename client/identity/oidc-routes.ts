import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { People } from '../../platform/people';
import type { Seal } from '../../platform/seal';
import type { Store } from '../../platform/store/store';
import { escapeHtml } from '../../workflows/domain/encoding';
import { requestErrors } from '../api/errors';
import { pageHeaders, renderPage } from '../plain-page';
import { cookieHeader, cookieValue, sessionCookie } from './cookies';
import type { GroupDirectory } from './ldap';
import type { OidcProvider, ProvenPerson } from './oidc';
import type { ProviderProblem } from './oidc-problem';
import { renamedThere } from './renewal';
import { sessionMs } from './sessions';
import type { Sessions } from './sessions';
import { flowCookieName, flowLifetimeMs, localPath, openFlow, sealFlow } from './sign-in-flow';
import { groupsOf, openStanding, sealStanding } from './standing';
import type { Standing } from './standing';

/** What signing in by an OpenID provider works with. */
export interface OidcPlace {
  readonly provider: OidcProvider;
  readonly sessions: Sessions;
  readonly store: Pick<Store, 'access' | 'logins'>;
  readonly people: Pick<People, 'find'>;
  /** Groups that a directory knows besides those of the provider. */
  readonly directory: GroupDirectory | null;
  readonly seal: Seal;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly now: () => number;
}

const Start = z.object({ to: z.string().optional().catch(undefined) });
const Callback = z.object({ state: z.string().max(500).catch('') });

const root = '/auth/oidc';

/** Where nobody may ask the provider again without the person: a change of groups takes no longer than this. */
const unrenewedSessionMs = 60 * 60_000;

/** Of the address that leads back holds a code, which belongs in no log. */
const quiet = { logLevel: 'warn' } as const;

/**
 * The way of a browser through an OpenID provider.
 *
 * - W1 Nobody is sent anywhere but to the provider and to paths of ours.
 * - W2 Whoever comes back without the cookie of the sign-in that they began is not signed in: nobody can be made somebody else.
 * - W3 A sign-in is used up when it comes back, whatever became of it.
 * - W4 Who they are goes by issuer and subject: a name that the provider has given to somebody else by now makes nobody that one.
 */
export function addOidcRoutes(app: FastifyInstance, place: OidcPlace): void {
  app.get(`${root}/start`, quiet, async (request, reply) => start(place, request, reply));
  app.get(`${root}/callback`, quiet, async (request, reply) => finish(place, request, reply));
  app.get(`${root}/end`, quiet, async (request, reply) => end(place, request, reply));
}

async function start(place: OidcPlace, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const returnTo = localPath(Start.parse(request.query).to);
  const begun = await place.provider.begin(`${place.publicUrl}${root}/callback`);
  if ('kind' in begun) return refuse(request, reply, begun);
  const sealed = sealFlow(place.seal, { ...begun.secrets, returnTo, expiresAt: place.now() + flowLifetimeMs });
  return reply
    .header('set-cookie', flowCookie(place, begun.secrets.state, { value: sealed, maxAgeMs: flowLifetimeMs }))
    .header('cache-control', 'no-store')
    .redirect(begun.address.href, 303);
}

async function finish(place: OidcPlace, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { state } = Callback.parse(request.query);
  const sealed = cookieValue(request, flowCookieName(state));
  const flow = sealed === null ? null : openFlow(place.seal, sealed, { state, now: place.now() });
  if (flow === null) return refuse(request, reply, lost);
  void reply.header('set-cookie', flowCookie(place, state, { value: '', maxAgeMs: 0 }));
  const callback = new URL(`${place.publicUrl}${root}/callback${searchOf(request.url)}`);
  const found = await place.provider.finish(callback, flow);
  if (found.kind !== 'person') return refuse(request, reply, found);
  const login = await loginOf(place, request, found);
  if (login === null) return refuse(request, reply, taken(found));
  const actor = `user/${login}`;
  const { active } = await place.people.find(actor);
  if (!active) return refuse(request, reply, { kind: 'refused', reason: `${actor} has left` });
  const standing = await standingOf(place, request, { ...found, login, calledThere: found.login });
  const { issuer, subject } = found;
  const open = await place.sessions.open({
    actor,
    source: 'oidc',
    groups: groupsOf(standing),
    // By what is published alone: that nothing is published yet makes nobody an administrator who comes from outside.
    given: [],
    sealed: sealStanding(place.seal, standing),
    basis: { kind: 'login', issuer, subject, login },
    ...(found.refreshToken === null ? { expiresAt: place.now() + unrenewedSessionMs } : {}),
  });
  if (open === null) return refuse(request, reply, freed(login));
  return reply
    .header('set-cookie', sessionCookieHeader(place, open.cookie, sessionMs))
    .header('cache-control', 'no-store')
    .redirect(flow.returnTo, 303);
}

/** W4. Null: it is bound to somebody else. */
async function loginOf(
  { store, now }: OidcPlace,
  request: FastifyRequest,
  { issuer, subject, login }: ProvenPerson,
): Promise<string | null> {
  const claimed = await store.logins.claim({ issuer, subject, login, at: now() });
  if (claimed.kind === 'taken') {
    const reason = `"${login}" is bound to another subject than "${subject}"`;
    await store.access.noteRefused('login', { reason, at: now() });
    return null;
  }
  if (claimed.login !== login) request.log.warn({ actor: `user/${claimed.login}`, calledThere: login }, renamedThere);
  return claimed.login;
}

/** That the directory is away keeps nobody out: who has fewer groups may do less. */
async function standingOf(
  place: OidcPlace,
  request: FastifyRequest,
  { subject, idToken, refreshToken, groups, login, calledThere }: ProvenPerson & { readonly calledThere: string },
): Promise<Standing> {
  const at = place.now();
  const known = { subject, idToken, refreshToken, groups, at };
  const provider = calledThere === login ? known : { ...known, calledThere };
  const found = (await place.directory?.groupsOf(login)) ?? null;
  if (found?.kind === 'groups') return { provider, directory: { groups: found.groups, at } };
  if (found !== null) request.log.warn({ reason: found.reason }, 'groups of the directory not read');
  return { provider, directory: null };
}

/** A link that leads here from elsewhere does not sign anybody out: browsers say where a request began. */
async function end(place: OidcPlace, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const afterwards = `${place.publicUrl}/sign-in`;
  if (request.headers['sec-fetch-site'] === 'cross-site') return reply.redirect('/', 303);
  void reply.header('set-cookie', sessionCookieHeader(place, '', 0)).header('cache-control', 'no-store');
  const idToken = await endSession(place, cookieValue(request, sessionCookie) ?? '');
  // Signed out of here they are: that the provider is away, and its own session goes on, changes nothing of it.
  const address = idToken === null ? null : await endAtProvider(place, request, { idToken, afterwards });
  return reply.redirect(address?.href ?? '/sign-in', 303);
}

/** Answers by what the provider knows the session; null: it knows of none. */
async function endSession({ sessions, seal }: OidcPlace, cookie: string): Promise<string | null> {
  const open = await sessions.read(cookie);
  if (open === null) return null;
  const { id, actor } = open.session;
  await sessions.end(id, { actor, via: 'session', reason: 'signed out' });
  return openStanding(seal, open.session).provider?.idToken ?? null;
}

async function endAtProvider(
  { provider }: OidcPlace,
  request: FastifyRequest,
  { idToken, afterwards }: { readonly idToken: string; readonly afterwards: string },
): Promise<URL | null> {
  const address = await provider.endAddress(idToken, afterwards);
  if (!(address instanceof URL) && address !== null) {
    request.log.warn({ reason: address.reason }, 'session of the provider not ended');
    return null;
  }
  return address;
}

const lost = {
  kind: 'lost',
  reason: 'it began in another browser, or too long ago, or it was used already',
} as const;

function freed(login: string) {
  return { kind: 'lost', reason: `the login "${login}" was freed meanwhile` } as const;
}

function taken({ login, subject }: ProvenPerson) {
  const reason = `the login "${login}" is bound to somebody else (LOGIN_TAKEN)`;
  return { kind: 'taken', reason, subject, hint: requestErrors.LOGIN_TAKEN.hint } as const;
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: ProviderProblem | typeof lost | ReturnType<typeof freed> | ReturnType<typeof taken>,
): FastifyReply {
  request.log.warn(refusal, 'sign-in refused');
  const { kind, reason } = refusal;
  const status = { refused: 401, unavailable: 503, lost: 400, taken: requestErrors.LOGIN_TAKEN.status } as const;
  const page = renderPage('Not signed in', [
    '<h1>You are not signed in</h1>',
    `<p class="note">${escapeHtml(`Cannot sign you in: ${reason}.`)}</p>`,
    ...('hint' in refusal ? [`<p>${escapeHtml(refusal.hint)}</p>`] : []),
    `<p><a href="${root}/start">Try again</a>, or tell whoever runs Mainstay the request id ${escapeHtml(request.id)}.</p>`,
  ]);
  return reply.code(status[kind]).headers(pageHeaders).send(page);
}

function flowCookie(
  { publicUrl }: OidcPlace,
  state: string,
  { value, maxAgeMs }: { readonly value: string; readonly maxAgeMs: number },
): string {
  return cookieHeader(flowCookieName(state), value, { path: root, maxAgeMs, secure: publicUrl.startsWith('https:') });
}

function sessionCookieHeader({ publicUrl }: OidcPlace, value: string, maxAgeMs: number): string {
  return cookieHeader(sessionCookie, value, { path: '/', maxAgeMs, secure: publicUrl.startsWith('https:') });
}

function searchOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}
