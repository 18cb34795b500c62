import { z } from 'zod';

import { noticeStates, noticeSubjects } from '../../platform/store/outbox';
import { allNoticeKinds, channels } from '../../workflows/domain/notice';

export const NoticeState = z.enum(noticeStates);

/** Somebody is to be told of something. That it was sent is not that it was delivered: nobody knows. */
export const NoticeView = z.object({
  id: z.string(),
  /** Of the task or the process; of locks the run that holds them. */
  about: z.object({ kind: z.enum(noticeSubjects), id: z.string() }),
  kind: z.enum(allNoticeKinds),
  /** `user/anna`; a team as long as it is not known who is told; empty as long as nobody is named. */
  recipient: z.string(),
  /** Whose vote a delegate is asked for. */
  onBehalfOf: z.string().nullable(),
  /** Null: not known yet. */
  channel: z.enum(channels).nullable(),
  state: NoticeState,
  attempts: z.int(),
  createdAt: z.int(),
  /** When it is tried next; null: it will not be. */
  nextAt: z.int().nullable(),
  /** Why the last attempt came to nothing. */
  failure: z.object({ code: z.string(), reason: z.string() }).nullable(),
});
export type NoticeView = z.infer<typeof NoticeView>;

export const NoticePage = z.object({
  notices: z.array(NoticeView),
  /** Of runs, changes and backups among them, by id: `run 7`. */
  subjects: z.record(z.string(), z.string()),
  next: z.string().nullable(),
});
