import { fitted, jsonBytes } from '../notice-fit';
import type { NoticeMessage } from '../notice-message';

/** Standard Webhooks wants messages small; what is longer is read through the link. */
const mostBytes = 20_000;
const longest = 12_000;

/** What a program is told, to pass it on to the person in its own way. It gets no token: who reads it further on nobody knows. */
export function composeNotify(whole: NoticeMessage): object {
  return bodyOf(fitted(whole, { longest, fits: (shortened) => jsonBytes(bodyOf(shortened)) <= mostBytes }));
}

function bodyOf(message: NoticeMessage): object {
  const { to, name, kind, urgency, subject, opening, title, facts, closing, choices, link, threadId } = message;
  return {
    type: 'notice',
    data: {
      kind,
      urgency,
      person: { reference: to, name },
      thread: threadId,
      subject,
      opening,
      title,
      facts,
      choices: choices.map(({ choice }) => choice),
      closing,
      link,
    },
  };
}
