import { canonicalJson } from '../../workflows/domain/canonical-json';
import type { Grant } from '../../workflows/domain/authorization';
import type { AccessStore, Doer, NewCode, SessionBasis, SessionRow, SignInCode, TokenRow } from './access-row';
import type { ApiTokensTable, SessionsTable } from './access-tables';
import { appendWithin, lockHead } from './append';
import type { Database, Session } from './database';
import { accessStream } from './folds/apply';
import { toJson } from './json';
import { isBoundTo } from './logins';
import { readDocument } from './schema';
import { renewSession, takeRenewal, writeGroups } from './session-renewal';

const minuteMs = 60_000;

export function createAccessStore(database: Database): AccessStore {
  const { query } = database;
  return {
    addCode: (code, by) => database.transaction((session) => addCode(session, code, by)),
    useCode: (digest, at) => database.transaction((session) => useCode(session, digest, at)),
    addSession: (row, via, basis) =>
      database.transaction(async (session) => {
        if (basis !== undefined && !(await stands(session, basis))) return false;
        await addSession(session, row, via);
        return true;
      }),
    session: async (id) => {
      const row = await query.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : sessionOf(row);
    },
    sessions: (filter) => openSessions(database, filter),
    sawSession: (id, at) =>
      database.transaction(async (session) => {
        await session.query.updateTable('sessions').set({ seen_at: at }).where('id', '=', id).execute();
      }),
    takeRenewal: (id, renewal) => database.transaction((session) => takeRenewal(session, id, renewal)),
    renewSession: (id, renewed) => database.transaction((session) => renewSession(session, id, renewed)),
    endSession: (id, by) => database.transaction((session) => endSession(session, id, by)),
    groupsOf: (actor, at) => groupsOf(database, actor, at),
    addToken: (row, via) => database.transaction((session) => addToken(session, row, via)),
    token: async (id) => {
      const row = await query.selectFrom('api_tokens').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : tokenOf(row);
    },
    tokens: (filter = {}) => tokens(database, filter),
    sawToken: (id, at) =>
      database.transaction(async (session) => {
        await session.query.updateTable('api_tokens').set({ last_used_at: at }).where('id', '=', id).execute();
      }),
    revokeToken: (id, by) => database.transaction((session) => revokeToken(session, id, by)),
    noteRefused: (what, refused) => database.transaction((session) => noteRefused(session, what, refused)),
  };
}

async function addCode(session: Session, { digest, actor, given, expiresAt }: NewCode, by: Doer): Promise<void> {
  // Nothing is lost with those that are over: that they were made is in the journal.
  await session.query.deleteFrom('sign_in_codes').where('expires_at', '<', by.at).execute();
  await session.query
    .insertInto('sign_in_codes')
    .values({ digest, actor, given: writeGrants(given), expires_at: expiresAt, used_at: null })
    .execute();
  const payload = { person: actor, given, expiresAt };
  // The digest of a secret that is long and random tells nothing of it; a part of it is enough for a key.
  const key = `link/${digest.slice(0, 16)}`;
  await appendWithin(session, accessStream, [{ key, kind: 'access.link-created', ...by, payload }]);
}

/** One statement: of two that come at once, one gets it. */
async function useCode({ query }: Session, digest: string, at: number): Promise<SignInCode | null> {
  const row = await query
    .updateTable('sign_in_codes')
    .set({ used_at: at })
    .where('digest', '=', digest)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .returning(['actor', 'given'])
    .executeTakeFirst();
  return row === undefined ? null : { actor: row.actor, given: readGrants(row.given) };
}

/** If it does, it does until the transaction is through. */
async function stands(session: Session, basis: SessionBasis): Promise<boolean> {
  switch (basis.kind) {
    case 'login':
      return isBoundTo(session, basis);
    case 'code': {
      const found = session.query.selectFrom('sign_in_codes').select('digest').where('digest', '=', basis.digest);
      return (await (session.dialect === 'postgres' ? found.forUpdate() : found).executeTakeFirst()) !== undefined;
    }
  }
}

async function addSession(session: Session, row: SessionRow, via: string): Promise<void> {
  const { id, actor, source, groups, given } = row;
  await session.query
    .insertInto('sessions')
    .values({
      id,
      digest: row.digest,
      actor,
      source,
      groups: writeGroups(groups),
      given: writeGrants(given),
      sealed: row.sealed,
      created_at: row.createdAt,
      seen_at: row.seenAt,
      renewed_at: row.renewedAt,
      expires_at: row.expiresAt,
      ended_at: row.endedAt,
      renewing_until: null,
    })
    .execute();
  const payload = { session: id, source, groups, given };
  await appendWithin(session, accessStream, [
    { key: `session/${id}/in`, kind: 'access.signed-in', at: row.createdAt, actor, via, payload },
  ]);
}

async function openSessions(
  { query }: Session,
  { at, actor }: Parameters<AccessStore['sessions']>[0],
): Promise<readonly SessionRow[]> {
  let select = query
    .selectFrom('sessions')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(mostListed);
  if (actor !== undefined) select = select.where('actor', '=', actor);
  return (await select.execute()).map(sessionOf);
}

const mostListed = 1_000;

async function endSession(
  session: Session,
  id: string,
  { reason, ...by }: Doer & { readonly reason: string },
): Promise<boolean> {
  const ended = await session.query
    .updateTable('sessions')
    .set({ ended_at: by.at, sealed: null })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('actor')
    .executeTakeFirst();
  if (ended === undefined) return false;
  const payload = { session: id, person: ended.actor, reason };
  await appendWithin(session, accessStream, [{ key: `session/${id}/out`, kind: 'access.signed-out', ...by, payload }]);
  return true;
}

/** As long as a session may last: of whom nobody has asked for longer, nobody knows any more. */
const groupsStandMs = 7 * 24 * 60 * minuteMs;

async function groupsOf({ query }: Session, actor: string, at: number): Promise<readonly string[]> {
  const row = await query
    .selectFrom('sessions')
    .select('groups')
    .where('actor', '=', actor)
    .where('renewed_at', '>', at - groupsStandMs)
    .orderBy('renewed_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? [] : readDocument<readonly string[]>(row.groups);
}

async function addToken(session: Session, row: TokenRow, via: string): Promise<boolean> {
  const { id, name, actor, limits, createdBy, createdAt, expiresAt } = row;
  const added = await session.query
    .insertInto('api_tokens')
    .values({
      id,
      digest: row.digest,
      name,
      actor,
      given: writeGrants(row.given),
      limits: writeGrants(limits),
      created_by: createdBy,
      created_at: createdAt,
      expires_at: expiresAt,
      last_used_at: row.lastUsedAt,
      revoked_at: row.revokedAt,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (added === undefined) return false;
  const payload = { token: id, name, person: actor, limits, expiresAt };
  await appendWithin(session, accessStream, [
    { key: `token/${id}`, kind: 'access.token-created', at: createdAt, actor: createdBy, via, payload },
  ]);
  return true;
}

async function tokens({ query }: Session, { actor }: { readonly actor?: string }): Promise<readonly TokenRow[]> {
  let select = query.selectFrom('api_tokens').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(mostListed);
  if (actor !== undefined) select = select.where('actor', '=', actor);
  return (await select.execute()).map(tokenOf);
}

async function revokeToken(session: Session, id: string, by: Doer): Promise<boolean> {
  const revoked = await session.query
    .updateTable('api_tokens')
    .set({ revoked_at: by.at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning(['actor', 'name'])
    .executeTakeFirst();
  if (revoked === undefined) return false;
  const payload = { token: id, name: revoked.name, person: revoked.actor };
  await appendWithin(session, accessStream, [
    { key: `token/${id}/revoked`, kind: 'access.token-revoked', ...by, payload },
  ]);
  return true;
}

async function noteRefused(
  session: Session,
  what: string,
  { reason, at }: { readonly reason: string; readonly at: number },
): Promise<void> {
  const key = `refused/${Math.floor(at / minuteMs)}`;
  // Of two at once the second finds what the first has written.
  await lockHead(session, accessStream);
  const known = await session.query
    .selectFrom('journal')
    .select('key')
    .where('stream', '=', accessStream)
    .where('key', '=', key)
    .executeTakeFirst();
  if (known !== undefined) return;
  await appendWithin(session, accessStream, [
    { key, kind: 'access.refused', at, actor: 'nobody', via: 'api', payload: { what, reason } },
  ]);
}

function sessionOf(row: SessionsTable): SessionRow {
  return {
    id: row.id,
    digest: row.digest,
    actor: row.actor,
    source: row.source === 'oidc' ? 'oidc' : 'link',
    groups: readDocument<readonly string[]>(row.groups),
    given: readGrants(row.given),
    sealed: row.sealed,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    renewedAt: row.renewed_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  };
}

function tokenOf(row: ApiTokensTable): TokenRow {
  return {
    id: row.id,
    digest: row.digest,
    name: row.name,
    actor: row.actor,
    given: readGrants(row.given),
    limits: readGrants(row.limits),
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}

function writeGrants(grants: readonly Grant[] | null): string | null {
  return grants === null ? null : canonicalJson(toJson(grants));
}

function readGrants(text: string | null): readonly Grant[] | null {
  return text === null ? null : readDocument<readonly Grant[]>(text);
}
