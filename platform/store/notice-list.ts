import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import type { Session } from './database';
import { listedNotice } from './notice-row';
import type { ListedNotice, NoticeFilter } from './outbox';

/** Each narrowing has an index in the order of the list, and a page goes on below a row: however deep, it costs what the first costs. */
export async function listNotices({ query }: Session, filter: NoticeFilter): Promise<readonly ListedNotice[]> {
  const { about, recipient, state, before, limit } = filter;
  let rows = query.selectFrom('notices').selectAll();
  // Not the states that it may have: a database that knows nothing of its rows would go by these, and sort all there are.
  if (state === undefined) rows = rows.where('state', '!=', 'addressed');
  else if (about === undefined && recipient === undefined) rows = rows.where('state', '=', state);
  else rows = rows.where(besides('state', state));
  if (about !== undefined) rows = rows.where('about_kind', '=', about.kind).where('about_id', '=', about.id);
  if (recipient !== undefined)
    rows = about === undefined ? rows.where('recipient', '=', recipient) : rows.where(besides('recipient', recipient));
  if (before !== undefined) rows = rows.where(sql<SqlBool>`(created_at, id) < (${before.createdAt}, ${before.id})`);
  const found = await rows.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return found.map(listedNotice);
}

/** Of rows that were found by something rarer: written so that no index is chosen for it. */
function besides(column: 'state' | 'recipient', value: string): RawBuilder<SqlBool> {
  return sql`${sql.ref(column)} || '' = ${value}`;
}
