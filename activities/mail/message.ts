import { escapeHtml } from '../../workflows/domain/encoding';
import { factLines, fitted } from '../notice-fit';
import type { NoticeMessage } from '../notice-message';

interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Link {
  readonly choice: string;
  readonly url: string;
}

/** Some readers hide what goes beyond 102 KB, the links among it. */
const mostBytes = 90_000;
const longest = 60_000;

/** Multipart text and HTML of one message: nothing in it is loaded from elsewhere. */
export function composeMail(whole: NoticeMessage): MailText {
  const message = fitted(whole, { longest, fits: (shortened) => Buffer.byteLength(htmlOf(shortened)) <= mostBytes });
  return { subject: message.subject, text: textOf(message), html: htmlOf(message) };
}

function textOf(message: NoticeMessage): string {
  const { name, opening, title, facts, link } = message;
  const voting = linksOf(message);
  const text = [
    `${name},`,
    '',
    ...opening,
    '',
    title,
    '',
    ...facts.flatMap(factLines),
    '',
    ...closingOf(message),
    ...voting.map(({ choice, url }) => `${choice.toUpperCase()}: ${url}`),
    ...replyLines(message).flatMap((line) => ['', line]),
    ...(link === null ? [] : ['', `In the console: ${link}`]),
  ].join('\n');
  return `${text.trimEnd()}\n`;
}

function linksOf({ choices }: NoticeMessage): readonly Link[] {
  return choices.flatMap(({ choice, url }) => (url === null ? [] : [{ choice, url }]));
}

function closingOf(message: NoticeMessage): readonly string[] {
  if (linksOf(message).length === 0) return message.closing;
  return [
    ...message.closing,
    `A link opens a page that shows the facts and asks once more. It is the vote of ${message.name}, whoever opens it: do not forward it.`,
  ];
}

function replyLines(message: NoticeMessage): readonly string[] {
  const links = linksOf(message);
  if (message.replyTo === null || links.length === 0) return [];
  const words = links.map(({ choice }) => choice.toUpperCase()).join(', ');
  return [`Or answer this message, with one of these words as the first: ${words}. What follows is your comment.`];
}

function htmlOf(message: NoticeMessage): string {
  const { name, opening, title, facts, link } = message;
  const rows = facts.map(
    (fact) =>
      `<tr><th align="left" valign="top" style="padding:2px 12px 2px 0;font-weight:600">${escapeHtml(fact.name)}</th><td style="padding:2px 0">${fact.lines.map(escapeHtml).join('<br>')}</td></tr>`,
  );
  const buttons = linksOf(message).map(
    ({ choice, url }) =>
      `<a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 18px;margin:0 8px 8px 0;border:1px solid #444;border-radius:4px;text-decoration:none;color:#111">${escapeHtml(choice)}</a>`,
  );
  return [
    '<!doctype html><html><body style="font-family:sans-serif;font-size:15px;color:#111">',
    `<p>${escapeHtml(name)},</p>`,
    ...opening.map((line) => `<p>${escapeHtml(line)}</p>`),
    `<h2 style="font-size:18px">${escapeHtml(title)}</h2>`,
    `<table cellspacing="0" cellpadding="0" style="font-size:14px">${rows.join('')}</table>`,
    buttons.length === 0 ? '' : `<p style="margin-top:18px">${buttons.join('')}</p>`,
    ...[...closingOf(message), ...replyLines(message)].map((line) => `<p style="color:#555">${escapeHtml(line)}</p>`),
    link === null ? '' : `<p><a href="${escapeHtml(link)}">Open in the console</a></p>`,
    '</body></html>',
  ].join('\n');
}
