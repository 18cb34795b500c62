import { createHash } from 'node:crypto';

import type { Urgency } from '../../workflows/domain/notice';
import { factLines, fitted } from '../notice-fit';
import type { NoticeMessage } from '../notice-message';

/** Servers make a file of what is longer than 4,096 bytes. */
const mostBytes = 4_000;
const longest = 4_000;

const priorities: { readonly [U in Urgency]: number } = { urgent: 5, normal: 3, low: 2 };

/** A message as ntfy takes it in JSON, plain text alone. Who knows the topic reads it: no link in it votes. */
export function composeNtfy(whole: NoticeMessage): object {
  const message = fitted(whole, { longest, fits: (shortened) => Buffer.byteLength(textOf(shortened)) <= mostBytes });
  return {
    topic: message.to,
    title: message.subject,
    message: textOf(message),
    priority: priorities[message.urgency],
    // Servers that know it show a repeat in place of the first one.
    sequence_id: createHash('sha256').update(message.messageId).digest('hex'),
    ...(message.link === null ? {} : { click: message.link }),
  };
}

function textOf({ name, opening, title, facts, closing }: NoticeMessage): string {
  const [first = '', ...rest] = opening;
  return [`${name}, ${first}`, ...rest, '', title, ...facts.flatMap(factLines), '', ...closing].join('\n').trimEnd();
}
