import fc from 'fast-check';
import { simpleParser } from 'mailparser';

import { readReply } from '../../../client/channels/reply-text';

const quote = 'your approval is asked for.\n\nAPPROVE: https://m.example/votes/abc/approve';
const marked = quote
  .split('\n')
  .map((line) => `> ${line}`)
  .join('\n');

test.each([
  ['a word alone', 'APPROVE', 'approve', ''],
  ['small letters and a full stop', 'approved.', 'approve', ''],
  ['a comment on the same line', 'Reject: not before Monday', 'reject', 'not before Monday'],
  ['a comment below', 'ABSTAIN\r\n\r\nI was on leave.\r\nSorry.', 'abstain', 'I was on leave.\nSorry.'],
  ['bold in plain text', '*APPROVE*\n', 'approve', ''],
  ['blank lines first', '\n\n  \napprove', 'approve', ''],
  ['Gmail', `Approve\n\nOn Sat, 21 Nov 2026 at 10:00, Mainstay <m@example.org> wrote:\n\n${marked}`, 'approve', ''],
  [
    'Gmail with a broken introduction',
    `Approve\n\nOn Sat, 21 Nov 2026 at 10:00, Mainstay of the Whole Company\n<m+abc@example.org> wrote:\n\n${marked}`,
    'approve',
    '',
  ],
  [
    'Apple Mail',
    `Reject\nno window\n\n> On 21 Nov 2026, at 10:00, Mainstay <m@example.org> wrote:\n>\n${marked}`,
    'reject',
    'no window',
  ],
  ['German', `Approve\n\nAm 21.11.26 um 10:00 schrieb Mainstay:\n${marked}`, 'approve', ''],
  [
    'German, Gmail',
    `Approve\n\nAm Sa., 21. Nov. 2026 um 10:00 Uhr schrieb Mainstay <m@x.org>:\n\n${marked}`,
    'approve',
    '',
  ],
  ['French', `Reject\n\nLe sam. 21 nov. 2026 à 10:00, Mainstay <m@x.org> a écrit :\n${marked}`, 'reject', ''],
  [
    'Outlook',
    `approve\n\nAnna\n\n________________________________\nFrom: Mainstay <m@x.org>\nSent: Saturday, November 21, 2026 10:00\nTo: Anna\nSubject: Approve?\n\n${quote}`,
    'approve',
    'Anna',
  ],
  [
    'Outlook in German',
    `reject, zu früh\n\nVon: Mainstay <m@x.org>\nGesendet: Samstag, 21. November 2026 10:00\nAn: Anna\nBetreff: Approve?\n\n${quote}`,
    'reject',
    'zu früh',
  ],
  ['Outlook, old', `approve\n\n-----Original Message-----\nFrom: Mainstay\n\n${quote}`, 'approve', ''],
  [
    'an answer below the quotation',
    `On Sat, Mainstay <m@x.org> wrote:\n${marked}\n\nReject\nsee above`,
    'reject',
    'see above',
  ],
  ['an answer within the quotation', `${marked}\n\nApprove\n\n> more\n> quoted`, 'approve', ''],
  ['a signature', 'Approve\n-- \nAnna\nOperations', 'approve', ''],
  ['a telephone', 'Approve\n\nSent from my iPhone', 'approve', ''],
])('readReply() finds the vote in %s', (_what, text, choice, comment) => {
  expect(readReply(text)).toMatchObject({ choice, comment });
});

test.each([
  ['nothing', ''],
  ['only a quotation', marked],
  [
    'a quotation that is not marked, below its introduction',
    `On Sat, 21 Nov 2026, Mainstay <m@x.org> wrote:\n${quote}`,
  ],
  ['a whole message below its head', `From: Mainstay\nSent: today\nTo: Anna\n\nAPPROVE`],
  ['a question', 'Approve?'],
  ['a negation', 'not approve'],
  ['a contraction', "don't approve"],
  ['a longer word', 'approval'],
  ['another word first', 'OK, approve'],
  ['a word with a dash in it', 'approve-ish'],
  ['a name of an inherited member', 'constructor'],
])('readReply() finds no vote in %s', (_what, text) => {
  expect(readReply(text).choice).toBeNull();
});

test('what is quoted never votes, whatever it says', () => {
  const word = fc.constantFrom('APPROVE', 'Reject', 'abstain', 'On Sat, 21 Nov 2026, M wrote:', '', '-- ', '>');
  const line = fc.oneof(word, fc.string());
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const quotation = lines.flatMap((each) => each.split(/\r?\n/)).map((each) => `> ${each}`);

      expect(readReply(quotation.join('\n')).choice).toBeNull();
      expect(readReply(['Reject', '', ...quotation].join('\n'))).toMatchObject({ choice: 'reject', comment: '' });
    }),
  );
});

test.each([
  [
    'Gmail',
    '<div dir="ltr">Approve<div>fine with me</div></div><br><div class="gmail_quote"><div class="gmail_attr">On Sat, Nov 21, 2026 at 10:00 Mainstay &lt;<a href="mailto:m@x.org">m@x.org</a>&gt; wrote:<br></div><blockquote>APPROVE: link<br>REJECT: link</blockquote></div>',
    'approve',
    'fine with me',
  ],
  [
    'Outlook',
    '<div><p>Reject</p></div><div style="border-top:solid"><p><b>From:</b> Mainstay<br><b>Sent:</b> Saturday<br><b>To:</b> Anna<br></p></div><p>APPROVE: link</p>',
    'reject',
    '',
  ],
])('a reply of %s that has HTML only is read as text', async (_what, html, choice, comment) => {
  const raw = `From: a@x.org\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`;

  const { text = '' } = await simpleParser(raw);

  expect(readReply(text)).toMatchObject({ choice, comment });
});
