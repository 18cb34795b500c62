import { z } from 'zod';

import { allNoticeKinds, channels } from '../../workflows/domain/notice';
import { templateLimits } from '../../workflows/domain/notice-template';
import type { NoticeTemplate } from '../../workflows/domain/notice-template';

/**
 * Own words for what people are told. Expressions know `notice`, `person` and `about`; of a run that ended also `run`, of a change
 * `change`. What is asked, the facts and the ways to answer follow the text in any case.
 */
export const MessageTemplate = z.strictObject({
  /** What is told. */
  notice: z.enum(allNoticeKinds),
  /** Absent: all of them, as far as no other template is for one of them in particular. */
  channels: z.array(z.enum(channels)).min(1).max(channels.length).exactOptional(),
  /** Not of what asks for an answer: answers by mail are known by their subject. */
  subject: z.string().min(1).max(templateLimits.subjectLength).exactOptional(),
  /** In place of the sentences that open a message, line by line. */
  text: z.string().min(1).max(templateLimits.textLength).exactOptional(),
  /** `false`: it words nothing any more. */
  active: z.boolean().exactOptional(),
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;

export function noticeTemplateOf(
  name: string,
  { notice, channels: of, subject, text }: MessageTemplate,
): NoticeTemplate {
  return { name, notice, channels: of ?? null, subject: subject ?? null, text: text ?? null };
}
