import type { AnyJournalEntry, NoticeFacts } from '../../workflows/domain/journal';
import { shortId } from '../vote-token';
import { appendWithin } from './append';
import type { Database, Session } from './database';
import { runOfStream, systemStream } from './folds/apply';
import type { NoticesTable } from './schema';
import type { Delivery, NoticeOutcome, NoticeRow, Notices } from './outbox';

/**
 * The outbox.
 *
 * - N1 Whoever takes a notice has it for a while; of two that look at once one gets it. One that dies gives it back by the clock.
 * - N2 What is settled stays settled, and is in the journal once.
 */
export function createNotices(database: Database): Notices {
  return {
    take: async (request) =>
      (await isAnyDue(database, request.now)) ? database.transaction((session) => take(session, request)) : [],
    address: (notice, deliveries, at) =>
      database.transaction((session) => address(session, { notice, deliveries, at })),
    settle: (notice, outcome) => database.transaction((session) => settle(session, notice, outcome)),
    drop: async (notice) => void (await database.transaction((session) => setState(session, notice.id, 'dropped'))),
    postpone: (notice, until) => database.transaction((session) => postpone(session, notice, until)),
    find: async (id) => {
      const row = await database.query.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : noticeOf(row);
    },
  };
}

type TakeRequest = Parameters<Notices['take']>[0];

/** Looked at again and again: that must not take the turn of somebody who writes. */
async function isAnyDue({ query }: Session, now: number): Promise<boolean> {
  const row = await query
    .selectFrom('notices')
    .select('id')
    .where('state', 'in', ['open', 'pending'])
    .where('next_at', '<=', now)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function take(session: Session, { now, leaseMs, limit }: TakeRequest): Promise<readonly NoticeRow[]> {
  const due = session.query
    .selectFrom('notices')
    .selectAll()
    .where('state', 'in', ['open', 'pending'])
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit);
  const rows = await (session.dialect === 'postgres' ? due.forUpdate().skipLocked() : due).execute();
  if (rows.length === 0) return [];
  await session.query
    .updateTable('notices')
    .set(({ eb }) => ({ next_at: now + leaseMs, attempts: eb('attempts', '+', 1) }))
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.map((row) => noticeOf({ ...row, attempts: row.attempts + 1 }));
}

interface Addressed {
  readonly notice: NoticeRow;
  readonly deliveries: readonly Delivery[];
  readonly at: number;
}

async function address(session: Session, { notice, deliveries, at }: Addressed): Promise<void> {
  const rows = deliveries.map(({ recipient, channel, planHash, showHash, expiresAt }) => ({
    id: shortId([notice.stream, String(notice.seq), notice.taskId, recipient, notice.onBehalfOf ?? recipient, channel]),
    task_id: notice.taskId,
    what: notice.what,
    stream: notice.stream,
    seq: notice.seq,
    recipient,
    on_behalf_of: notice.onBehalfOf,
    channel,
    state: 'pending',
    attempts: 0,
    next_at: at,
    plan_hash: planHash,
    show_hash: showHash,
    expires_at: expiresAt,
  }));
  if (rows.length > 0)
    await session.query
      .insertInto('notices')
      .values(rows)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  await setState(session, notice.id, 'addressed');
}

async function settle(session: Session, notice: NoticeRow, outcome: NoticeOutcome): Promise<void> {
  const state = outcome.kind === 'sent' ? 'sent' : 'failed';
  if (!(await setState(session, notice.id, state))) return;
  const facts: NoticeFacts = {
    notice: notice.id,
    runId: runOfStream(notice.stream) ?? '',
    taskId: notice.taskId,
    what: notice.what,
    recipient: notice.recipient,
    channel: notice.channel ?? '',
    attempts: notice.attempts,
  };
  const common = { key: `notice/${notice.id}/${state}`, at: outcome.at, actor: 'engine', via: 'worker' };
  const entry: AnyJournalEntry =
    outcome.kind === 'sent'
      ? { ...common, kind: 'notice.sent', payload: { ...facts, messageId: outcome.messageId } }
      : { ...common, kind: 'notice.failed', payload: { ...facts, code: outcome.code, reason: outcome.reason } };
  await appendWithin(session, systemStream, [entry]);
}

/** False: it was settled before, by one that took too long and came to its end all the same. */
async function setState({ query }: Session, id: string, state: string): Promise<boolean> {
  const { numUpdatedRows } = await query
    .updateTable('notices')
    .set({ state })
    .where('id', '=', id)
    .where('state', 'in', ['open', 'pending'])
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

async function postpone({ query }: Session, notice: NoticeRow, until: number): Promise<void> {
  await query
    .updateTable('notices')
    .set({ next_at: until })
    .where('id', '=', notice.id)
    .where('state', 'in', ['open', 'pending'])
    .execute();
}

function noticeOf(row: NoticesTable): NoticeRow {
  return {
    id: row.id,
    taskId: row.task_id,
    what: whatOf(row.what),
    stream: row.stream,
    seq: row.seq,
    recipient: row.recipient,
    onBehalfOf: row.on_behalf_of,
    channel: row.channel === 'mail' || row.channel === 'chat' ? row.channel : null,
    attempts: row.attempts,
    planHash: row.plan_hash,
    showHash: row.show_hash,
    expiresAt: row.expires_at,
  };
}

function whatOf(text: string): NoticeRow['what'] {
  const known = (['reminded', 'refused', 'urgent'] as const).find((what) => what === text);
  return known ?? 'opened';
}
