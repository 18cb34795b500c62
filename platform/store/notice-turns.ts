import { sql } from 'kysely';

import { isChannel, mostInDigest } from '../../workflows/domain/notice';
import { shortId } from '../vote-token';
import type { Database, Session } from './database';
import { noticeOf } from './notice-row';
import type { NoticeRow, Notices } from './outbox';
import type { NoticesTable } from './schema';

type TakeRequest = Parameters<Notices['take']>[0];

/** Looked at again and again: while nothing is due, that does not take the turn of somebody who writes. */
export async function takeNotices(database: Database, request: TakeRequest): Promise<readonly NoticeRow[]> {
  return (await isAnyDue(database, request.now)) ? database.transaction((session) => take(session, request)) : [];
}

async function isAnyDue(session: Session, now: number): Promise<boolean> {
  return (await due(session, now).limit(1).executeTakeFirst()) !== undefined;
}

/** Any number, the same in every version. */
const advisoryLock = 6_243_102;

async function take(session: Session, request: TakeRequest): Promise<readonly NoticeRow[]> {
  const { now, leaseMs, limit } = request;
  // One after the other: of two that gather for the same message each would have half of it.
  if (session.dialect === 'postgres') await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(session.query);
  const first = due(session, now).orderBy('next_at').orderBy('id').limit(limit);
  const found = await forOne(session, first).execute();
  const taken = new Map(found.map((row) => [row.id, row]));
  for (const { id } of found) {
    const row = taken.get(id);
    if (row?.gathered === 1) for (const member of await messageOf(session, row, now)) taken.set(member.id, member);
  }
  if (taken.size === 0) return [];
  await session.query
    .updateTable('notices')
    .set(({ eb }) => ({ next_at: now + leaseMs, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', [...taken.keys()])
    .execute();
  return [...taken.values()].map((row) => noticeOf({ ...row, attempts: row.attempts + 1 }));
}

/**
 * All that are one message with this one. Of one that is due the first time these are all that are due with it for the same person and
 * channel; from now on they belong together (N3).
 */
async function messageOf(session: Session, row: NoticesTable, now: number): Promise<readonly NoticesTable[]> {
  if (row.batch !== null) return forOne(session, due(session, now).where('batch', '=', row.batch)).execute();
  const others = due(session, now)
    .where('recipient', '=', row.recipient)
    .where('channel', '=', row.channel)
    .where('gathered', '=', 1)
    .where('batch', 'is', null)
    .where('id', '!=', row.id)
    .orderBy('next_at')
    .orderBy('id')
    .limit(isChannel(row.channel) ? mostInDigest[row.channel] - 1 : 0);
  const members = [row, ...(await forOne(session, others).execute())];
  const ids = members.map(({ id }) => id);
  // Whoever has left a message may be the first of another one, which is not to look like a repeat.
  const batch = shortId([row.id, String(row.attempts)]);
  await session.query.updateTable('notices').set({ batch }).where('id', 'in', ids).execute();
  return members.map((member) => ({ ...member, batch }));
}

function due({ query }: Session, now: number) {
  return query.selectFrom('notices').selectAll().where('state', 'in', ['open', 'pending']).where('next_at', '<=', now);
}

/** Whoever is at it at the same time goes on with others. */
function forOne({ dialect }: Session, rows: ReturnType<typeof due>): ReturnType<typeof due> {
  return dialect === 'postgres' ? rows.forUpdate().skipLocked() : rows;
}
