import { composeMail } from '../../../activities/mail/message';
import { voteMail } from './vote-mail';

test('composeMail() says what is asked, the facts, and how to answer', () => {
  expect(composeMail(voteMail()).text).toMatchInlineSnapshot(`
   "Anna,

   your approval is asked for.

   Release 1.2

   Hosts:
     wave 1: web1
     wave 2: web2, web3
   Risk: moderate

   A link opens a page that shows the facts and asks once more. It is the vote of Anna, whoever opens it: do not forward it.
   APPROVE: https://m.example/votes/aa/approve
   REJECT: https://m.example/votes/bb/reject

   Or answer this message, with one of these words as the first: APPROVE, REJECT. What follows is your comment.
   "
  `);
});

test('a link is said to be the vote of the person, whoever opens it (R-APPR-11)', () => {
  const { text, html } = composeMail(voteMail());

  for (const part of [text, html])
    expect(part).toContain('It is the vote of Anna, whoever opens it: do not forward it.');
});

test('without a listener for answers nobody is told to answer', () => {
  const { text, html } = composeMail(voteMail({ replyTo: null }));

  for (const part of [text, html]) expect(part).not.toContain('answer this message');
});

test('a refused answer is told with its reason, and without a way to vote', () => {
  const { text, html } = composeMail(
    voteMail({ what: 'refused', remark: 'no valid signature', links: [], replyTo: null }),
  );

  expect(text).toContain('an answer in your name was not counted.\nno valid signature');
  expect(text + html).not.toContain('votes/');
});

test('what others wrote is text, in HTML too', () => {
  const summary = {
    taskId: 'r1-1',
    title: '<script>alert(1)</script>',
    facts: [{ name: 'Reason "x"', lines: ['<img src=x>', 'a & b'] }],
  };

  const { html, subject } = composeMail(voteMail({ summary, name: '<b>Anna</b>' }));

  expect(html).not.toMatch(/<script|<img|<b>/);
  expect(html).toContain('a &amp; b');
  expect(subject).toBe('Approve? <script>alert(1)</script> [r1-1]');
});

test('a title of several lines adds no header', () => {
  const summary = { ...voteMail().summary, title: 'Release\r\nBcc: eve@example.org' };

  expect(composeMail(voteMail({ summary })).subject).toBe('Approve? Release Bcc: eve@example.org [r1-1]');
});

test('what has no links says where to answer instead', () => {
  const { text } = composeMail(voteMail({ links: [], replyTo: null }));

  expect(text).toContain('Answer with the command line: task r1-1.');
  expect(text).not.toContain('votes/');
});

test('what cannot wait says so in its subject', () => {
  const { subject, text } = composeMail(voteMail({ what: 'urgent', replyTo: null }));

  expect(subject).toBe('Decide now: Release 1.2 [r1-1]');
  expect(text).toContain('your decision is asked for, and it cannot wait.');
});
