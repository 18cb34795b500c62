import { isChannel, isNoticeKind } from '../../workflows/domain/notice';
import { noticeStates, noticeSubjects } from './outbox';
import type { ListedNotice, NoticeRow } from './outbox';
import type { NoticesTable } from './schema';

export function noticeOf(row: NoticesTable): NoticeRow {
  const { id, stream, seq, recipient, attempts, batch } = row;
  return {
    id,
    about: { kind: noticeSubjects.find((kind) => kind === row.about_kind) ?? 'task', id: row.about_id },
    what: isNoticeKind(row.what) ? row.what : 'task.opened',
    stream,
    seq,
    recipient,
    onBehalfOf: row.on_behalf_of,
    channel: isChannel(row.channel) ? row.channel : null,
    attempts,
    vote: row.expires_at === 0 ? null : { planHash: row.plan_hash, showHash: row.show_hash, expiresAt: row.expires_at },
    batch,
  };
}

export function listedNotice(row: NoticesTable): ListedNotice {
  const state = noticeStates.find((each) => each === row.state) ?? 'dropped';
  return {
    ...noticeOf(row),
    state,
    createdAt: row.created_at,
    nextAt: state === 'open' || state === 'pending' ? row.next_at : null,
    failure: row.code === null ? null : { code: row.code, reason: row.reason ?? '' },
  };
}
