import type { AnyJournalEntry } from '../../workflows/domain/journal';
import type { Doer } from './access-row';
import type { LoginsTable } from './access-tables';
import { appendWithin, lockHead } from './append';
import type { Database, Session } from './database';
import { accessStream } from './folds/apply';
import { loginName } from './folds/logins';

/**
 * Which subject of which OpenID provider a login belongs to.
 *
 * - L1 The first that signs in with a login has it until it is freed: whoever is called that later is somebody else.
 * - L2 A subject keeps its login, whatever the provider calls it later.
 * - L3 Letters that differ in case alone are one login: a directory takes them for one person. Whoever has a Person document is written as
 *   it is: grants, and that somebody has left, go by that.
 * - L4 Freed is freed, whatever was under way: no renewal that began before binds the login again, and no sign-in has a session by it.
 * - L5 Locked are first logins, then codes, sessions and tokens, the head of the stream last: else two could wait for each other. What a
 *   session is opened by is locked before, so that whoever takes that back finds the session.
 */
export interface Logins {
  /** Binds the login if it is nobody's and the subject has none. */
  claim(claim: LoginClaim): Promise<ClaimedLogin>;
  /** By name. */
  list(): Promise<readonly BoundLogin[]>;
  /**
   * Whoever comes with the login next has it. Its sessions end, links that sign it in are void, and tokens that were made in its name are
   * revoked. Where tokens are kept it is the same person: then so are links, and sessions by them. Null: it is nobody's.
   */
  free(login: string, by: FreedBy): Promise<FreedLogin | null>;
}

interface LoginClaim extends Binding {
  readonly at: number;
  /** Id of the session that it is claimed for: one that has ended binds nothing (L4). */
  readonly session?: string;
}

export interface Binding {
  readonly issuer: string;
  readonly subject: string;
  readonly login: string;
}

type ClaimedLogin =
  | { readonly kind: 'bound'; readonly login: string }
  /** It is another subject's, or nobody's any more: the session that it is claimed for has ended. */
  | { readonly kind: 'taken' };

interface BoundLogin extends Binding {
  readonly boundAt: number;
}

interface FreedBy extends Doer {
  readonly keepsTokens: boolean;
}

interface FreedLogin extends BoundLogin {
  readonly sessionsEnded: number;
  readonly tokensRevoked: number;
}

export function createLogins(database: Database): Logins {
  return {
    // Nearly always it is known: nobody waits for the head of the stream then.
    claim: async (claim) => (await settled(database, claim)) ?? database.transaction((session) => bind(session, claim)),
    list: async () => (await database.query.selectFrom('logins').selectAll().orderBy('name').execute()).map(boundLogin),
    free: (login, by) => database.transaction((session) => free(session, login, by)),
  };
}

/** Null: neither the subject nor the login is bound. */
async function settled({ query }: Session, { issuer, subject, login }: LoginClaim): Promise<ClaimedLogin | null> {
  const own = await query
    .selectFrom('logins')
    .select('login')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  if (own !== undefined) return { kind: 'bound', login: own.login };
  return (await rowOf(query, login)) === undefined ? null : { kind: 'taken' };
}

async function bind(session: Session, claim: LoginClaim): Promise<ClaimedLogin> {
  const { issuer, subject, at } = claim;
  if (claim.session !== undefined && !(await isOpen(session, claim.session))) return { kind: 'taken' };
  // Of two that claim it at once the second finds what the first has written.
  const head = await lockHead(session, accessStream);
  const known = await settled(session, claim);
  if (known !== null) return known;
  const login = await asPublished(session, claim.login);
  const key = `login/${login}/bound:${head.count + 1}`;
  const payload = { login, issuer, subject };
  await appendWithin(session, accessStream, [
    { key, kind: 'login.bound', at, actor: `user/${login}`, via: 'oidc', payload },
  ]);
  return { kind: 'bound', login };
}

/** Whoever ends it meanwhile waits until this is through. */
async function isOpen({ dialect, query }: Session, id: string): Promise<boolean> {
  const found = query.selectFrom('sessions').select('ended_at').where('id', '=', id);
  const row = await (dialect === 'postgres' ? found.forUpdate() : found).executeTakeFirst();
  return row?.ended_at === null;
}

/** L3. Of documents that differ in case alone the one that is written as the provider writes it. */
async function asPublished({ query }: Session, login: string): Promise<string> {
  const rows = await query
    .selectFrom('definitions')
    .select('name')
    .distinct()
    .where('kind', '=', 'Person')
    .where(({ fn }) => fn<string>('lower', ['name']), '=', loginName(login))
    .orderBy('name')
    .execute();
  const names = rows.map(({ name }) => name);
  return names.includes(login) ? login : (names[0] ?? login);
}

async function free(session: Session, named: string, by: FreedBy): Promise<FreedLogin | null> {
  const { keepsTokens, ...doer } = by;
  const row = await lockRow(session, named);
  if (row === undefined) return null;
  const { login, issuer, subject } = row;
  const person = `user/${login}`;
  if (!keepsTokens) await session.query.deleteFrom('sign_in_codes').where('actor', '=', person).execute();
  const ended = await endSessions(session, person, by);
  const revoked = keepsTokens ? [] : await revokeTokens(session, person, doer);
  const head = await lockHead(session, accessStream);
  const payload = { login, issuer, subject };
  const key = `login/${login}/unbound:${head.count + 1}`;
  await appendWithin(session, accessStream, [{ key, kind: 'login.unbound', ...doer, payload }, ...ended, ...revoked]);
  return { ...boundLogin(row), sessionsEnded: ended.length, tokensRevoked: revoked.length };
}

async function endSessions(
  { query }: Session,
  person: string,
  { keepsTokens, ...by }: FreedBy,
): Promise<readonly AnyJournalEntry[]> {
  const all = query.updateTable('sessions').where('actor', '=', person);
  const ofPerson = keepsTokens ? all.where('source', '=', 'oidc') : all;
  const ended = await ofPerson
    .set({ ended_at: by.at, sealed: null })
    .where('ended_at', 'is', null)
    .returning('id')
    .execute();
  // Tokens go by the groups of the newest session, also of one that has ended.
  await ofPerson.set({ groups: '[]' }).execute();
  return ended.map(({ id }) => ({
    key: `session/${id}/out`,
    kind: 'access.signed-out' as const,
    ...by,
    payload: { session: id, person, reason: 'the login was freed' },
  }));
}

/** What somebody else has made for the person is that one's to revoke. */
async function revokeTokens({ query }: Session, person: string, by: Doer): Promise<readonly AnyJournalEntry[]> {
  const revoked = await query
    .updateTable('api_tokens')
    .set({ revoked_at: by.at })
    .where('created_by', '=', person)
    .where('revoked_at', 'is', null)
    .returning(['id', 'name', 'actor'])
    .execute();
  return revoked.map(({ id, name, actor }) => ({
    key: `token/${id}/revoked`,
    kind: 'access.token-revoked' as const,
    ...by,
    payload: { token: id, name, person: actor },
  }));
}

function lockRow({ dialect, query }: Session, login: string): Promise<LoginsTable | undefined> {
  const found = query.selectFrom('logins').selectAll().where('name', '=', loginName(login));
  return (dialect === 'postgres' ? found.forUpdate() : found).executeTakeFirst();
}

/** If so, it stays so until the transaction is through. */
export async function isBoundTo(session: Session, { issuer, subject, login }: Binding): Promise<boolean> {
  const row = await lockRow(session, login);
  return row?.issuer === issuer && row.subject === subject && row.login === login;
}

function rowOf(query: Session['query'], login: string): Promise<LoginsTable | undefined> {
  return query.selectFrom('logins').selectAll().where('name', '=', loginName(login)).executeTakeFirst();
}

function boundLogin({ login, issuer, subject, bound_at: boundAt }: LoginsTable): BoundLogin {
  return { login, issuer, subject, boundAt };
}
