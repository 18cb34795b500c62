import fc from 'fast-check';

import type { NoticeMessage } from '../../activities/notice-message';

/** What anna is told of an approval. */
export function notice(change: Partial<NoticeMessage> = {}): NoticeMessage {
  return {
    kind: 'task.opened',
    urgency: 'normal',
    to: 'anna@example.org',
    name: 'Anna',
    subject: 'Approve? Release 1.2 [r1-1]',
    opening: ['your approval is asked for.'],
    title: 'Release 1.2',
    facts: [
      { name: 'Hosts', lines: ['wave 1: web1', 'wave 2: web2, web3'] },
      { name: 'Risk', lines: ['moderate'] },
    ],
    closing: [],
    link: null,
    choices: [
      { choice: 'approve', url: 'https://m.example/votes/aa/approve', token: 'aa' },
      { choice: 'reject', url: 'https://m.example/votes/bb/reject', token: 'bb' },
    ],
    replyTo: 'approvals+tt@example.org',
    messageId: 'm1@example.org',
    reference: 'm1',
    threadId: 't1@example.org',
    ...change,
  };
}

/** What somebody writes who wants a message to be something else. */
export const hostileTexts = [
  '<script>alert(1)</script>',
  '</td></table><img src=x onerror=alert(1)>',
  '<!channel> <@U2> @everyone',
  '[click](https://evil.example) **bold** `code`',
  'Release\r\nBcc: eve@example.org\r\n\r\nbody',
  '\u202Egnitaerht\u202C \u0000\u0007\u001B[31m',
  '{{DATE(2026-11-21T10:00:00Z)}} ${secret} <at>Eve</at>',
  `"},{"type":"Action.OpenUrl","url":"https://evil.example"}`,
  '\uD800 half \uDC00',
  '&lt;b&gt; &amp;',
] as const;

const hostileText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom('x'.repeat(100_000), "'".repeat(30_000), '\u{1F4A5}'.repeat(20_000), '\n'.repeat(5_000)),
);

export const hostileNotice: fc.Arbitrary<NoticeMessage> = fc
  .record({
    name: hostileText,
    subject: hostileText,
    title: hostileText,
    opening: fc.array(hostileText, { minLength: 1, maxLength: 4 }),
    closing: fc.array(hostileText, { maxLength: 3 }),
    facts: fc.array(fc.record({ name: hostileText, lines: fc.array(hostileText, { maxLength: 5 }) }), {
      maxLength: 60,
    }),
  })
  .map((change) => notice(change));
