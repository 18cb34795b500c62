import fc from 'fast-check';

import { composeMail } from '../../../activities/mail/message';
import { hostileNotice, hostileTexts, notice } from '../notices';

test('composeMail() says what is asked, the facts, and how to answer', () => {
  expect(composeMail(notice()).text).toMatchInlineSnapshot(`
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
  const { text, html } = composeMail(notice());

  for (const part of [text, html])
    expect(part).toContain('It is the vote of Anna, whoever opens it: do not forward it.');
});

test('without a listener for answers nobody is told to answer', () => {
  const { text, html } = composeMail(notice({ replyTo: null }));

  for (const part of [text, html]) expect(part).not.toContain('answer this message');
});

test('a refused answer is told with its reason, and without a way to vote', () => {
  const opening = ['an answer in your name was not counted.', 'no valid signature'];
  const { text, html } = composeMail(notice({ kind: 'task.refused', opening, choices: [], replyTo: null }));

  expect(text).toContain('an answer in your name was not counted.\nno valid signature');
  expect(text + html).not.toContain('votes/');
});

test('what others wrote is text, in HTML too', () => {
  const facts = [{ name: 'Reason "x"', lines: ['<img src=x>', 'a & b'] }];

  const { html, subject } = composeMail(
    notice({ title: '<script>alert(1)</script>', subject: '<script>alert(1)</script>', facts, name: '<b>Anna</b>' }),
  );

  expect(html).not.toMatch(/<script|<img|<b>/);
  expect(html).toContain('a &amp; b');
  expect(subject).toBe('<script>alert(1)</script>');
});

test('a title of several lines adds no header', () => {
  const subject = 'Approve? Release\r\nBcc: eve@example.org [r1-1]';

  expect(composeMail(notice({ subject })).subject).toBe('Approve? Release Bcc: eve@example.org [r1-1]');
});

test('what has no links says where to answer instead', () => {
  const closing = ['Answer with the command line: task r1-1.'];

  const { text } = composeMail(notice({ choices: [], closing, replyTo: null }));

  expect(text).toContain('Answer with the command line: task r1-1.');
  expect(text).not.toContain('votes/');
});

test('the page in the console is linked, in text and in HTML', () => {
  const { text, html } = composeMail(notice({ link: 'https://m.example/tasks/r1-1?a=1&b=2' }));

  expect(text).toContain('In the console: https://m.example/tasks/r1-1?a=1&b=2\n');
  expect(html).toContain('<a href="https://m.example/tasks/r1-1?a=1&amp;b=2">Open in the console</a>');
});

test('a mail never is longer than readers show, has no tag and no header that others wrote, and keeps its links', () => {
  const tags = /<(?!\/?(?:!doctype html|html|body|p|h2|table|tr|th|td|br|a)\b)/;

  fc.assert(
    fc.property(hostileNotice, (message) => {
      const { subject, text, html } = composeMail(message);

      expect(Buffer.byteLength(html)).toBeLessThan(102_000);
      expect(html).not.toMatch(tags);
      expect(subject).not.toMatch(/[\p{Cc}\u202E]/u);
      for (const part of [text, html]) expect(part).toContain('https://m.example/votes/aa/approve');
    }),
    { numRuns: 60, examples: hostileTexts.map((title) => [notice({ title, subject: title, name: title })]) },
  );
});
