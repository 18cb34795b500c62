import type { AnyJournalEntry, NoticeFacts } from '../../workflows/domain/journal';
import { shortId } from '../vote-token';
import { appendWithin } from './append';
import type { Database, Session } from './database';
import { systemStream } from './folds/apply';
import { listNotices } from './notice-list';
import { noticeOf } from './notice-row';
import { takeNotices } from './notice-turns';
import type { Delivery, NoticeFailure, NoticeOutcome, NoticeRow, NoticeState, Notices } from './outbox';

/**
 * The outbox.
 *
 * - N1 Whoever takes a notice has it for a while; of two that look at once one gets it. One that dies gives it back by the clock.
 * - N2 What is settled stays settled, and is in the journal once.
 * - N3 What once was one message stays one message: it has the same id and is sent, settled and put off as a whole.
 */
export function createNotices(database: Database): Notices {
  return {
    take: (request) => takeNotices(database, request),
    address: (notice, deliveries, at) =>
      database.transaction((session) => address(session, { notice, deliveries, at })),
    settle: (notices, outcome) => database.transaction((session) => settle(session, notices, outcome)),
    drop: async (notice) =>
      void (await database.transaction((session) => setState(session, [notice.id], { state: 'dropped' }))),
    keep: (notices, until) => database.transaction((session) => wait(session, notices, { next_at: until })),
    postpone: (notices, until, { code, reason }) =>
      database.transaction((session) => wait(session, notices, { next_at: until, code, reason })),
    hold: (notices, until) => database.transaction((session) => hold(session, notices, until)),
    separate: (notices, until, { code, reason }) =>
      database.transaction((session) => wait(session, notices, { next_at: until, code, reason, batch: null })),
    find: async (id) => {
      const row = await database.query.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : noticeOf(row);
    },
    list: (filter) => listNotices(database, filter),
  };
}

interface Addressed {
  readonly notice: NoticeRow;
  readonly deliveries: readonly Delivery[];
  readonly at: number;
}

async function address(session: Session, { notice, deliveries, at }: Addressed): Promise<void> {
  const rows = deliveries.map((delivery) => pendingRow(notice, delivery, at));
  if (rows.length > 0)
    await session.query
      .insertInto('notices')
      .values(rows)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  await setState(session, [notice.id], { state: 'addressed' });
}

function pendingRow(notice: NoticeRow, delivery: Delivery, at: number) {
  const { about, what, stream, seq, onBehalfOf } = notice;
  const { recipient, channel, vote } = delivery;
  return {
    id: shortId([stream, String(seq), about.id, recipient, onBehalfOf ?? recipient, channel]),
    about_kind: about.kind,
    about_id: about.id,
    what,
    stream,
    seq,
    recipient,
    on_behalf_of: onBehalfOf,
    channel,
    state: 'pending',
    attempts: 0,
    next_at: delivery.at,
    plan_hash: vote?.planHash ?? '',
    show_hash: vote?.showHash ?? '',
    expires_at: vote?.expiresAt ?? 0,
    created_at: at,
    gathered: delivery.isGathered ? 1 : 0,
    batch: null,
    code: null,
    reason: null,
  };
}

async function settle(session: Session, notices: readonly NoticeRow[], outcome: NoticeOutcome): Promise<void> {
  const why = outcome.kind === 'sent' ? { code: null, reason: null } : { code: outcome.code, reason: outcome.reason };
  const settled = await setState(
    session,
    notices.map(({ id }) => id),
    { state: outcome.kind, ...why },
  );
  const entries = notices.filter(({ id }) => settled.has(id)).map((notice) => entryOf(notice, outcome));
  if (entries.length > 0) await appendWithin(session, systemStream, entries);
}

function entryOf(notice: NoticeRow, outcome: NoticeOutcome): AnyJournalEntry {
  const { id, about, what, recipient, channel, attempts } = notice;
  const facts: NoticeFacts = { notice: id, about, what, recipient, channel: channel ?? '', attempts };
  const common = { key: `notice/${id}/${outcome.kind}`, at: outcome.at, actor: 'engine', via: 'worker' };
  return outcome.kind === 'sent'
    ? { ...common, kind: 'notice.sent', payload: { ...facts, messageId: outcome.messageId } }
    : { ...common, kind: 'notice.failed', payload: { ...facts, code: outcome.code, reason: outcome.reason } };
}

interface NewState {
  readonly state: NoticeState | 'addressed';
  readonly code?: string | null;
  readonly reason?: string | null;
}

/** Answers those that were not settled before, by one that took too long and came to its end all the same. */
async function setState({ query }: Session, ids: readonly string[], state: NewState): Promise<ReadonlySet<string>> {
  const rows = await query
    .updateTable('notices')
    .set(state)
    .where('id', 'in', ids)
    .where('state', 'in', ['open', 'pending'])
    .returning('id')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function wait(
  { query }: Session,
  notices: readonly NoticeRow[],
  set: { readonly next_at: number; readonly batch?: null } & Partial<NoticeFailure>,
): Promise<void> {
  await query
    .updateTable('notices')
    .set(set)
    .where(
      'id',
      'in',
      notices.map(({ id }) => id),
    )
    .where('state', 'in', ['open', 'pending'])
    .execute();
}

async function hold({ query }: Session, notices: readonly NoticeRow[], until: number): Promise<void> {
  await query
    .updateTable('notices')
    .set(({ eb }) => ({ next_at: until, attempts: eb('attempts', '-', 1) }))
    .where(
      'id',
      'in',
      notices.map(({ id }) => id),
    )
    .where('state', 'in', ['open', 'pending'])
    .execute();
}
