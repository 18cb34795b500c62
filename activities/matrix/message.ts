import { escapeHtml } from '../../workflows/domain/encoding';
import { factLines, fitted, jsonBytes } from '../notice-fit';
import type { NoticeMessage } from '../notice-message';

/** An event may have 65,536 bytes with all that servers put around it. */
const mostBytes = 40_000;
const longest = 12_000;

/** Content of a message: text, and the same as HTML. Others may read along: no link in it votes. */
export function composeMatrix(whole: NoticeMessage): object {
  return contentOf(fitted(whole, { longest, fits: (shortened) => jsonBytes(contentOf(shortened)) <= mostBytes }));
}

/** `m.text`: people are not notified of an `m.notice`. */
function contentOf(message: NoticeMessage): object {
  return {
    msgtype: 'm.text',
    body: textOf(message),
    format: 'org.matrix.custom.html',
    formatted_body: htmlOf(message),
    'm.mentions': isPerson(message.to) ? { user_ids: [message.to] } : {},
  };
}

function textOf({ name, opening, title, facts, closing, link }: NoticeMessage): string {
  const [first = '', ...rest] = opening;
  return [
    `${name}, ${first}`,
    ...rest,
    '',
    title,
    ...facts.flatMap(factLines),
    '',
    ...closing,
    ...(link === null ? [] : [`In the console: ${link}`]),
  ]
    .join('\n')
    .trimEnd();
}

function htmlOf({ to, name, opening, title, facts, closing, link }: NoticeMessage): string {
  const [first = '', ...rest] = opening;
  const addressee = isPerson(to)
    ? `<a href="https://matrix.to/#/${encodeURIComponent(to)}">${escapeHtml(name)}</a>`
    : escapeHtml(name);
  const items = facts.map(
    (fact) => `<li><strong>${escapeHtml(fact.name)}</strong>: ${fact.lines.map(escapeHtml).join('<br>')}</li>`,
  );
  return [
    `<p>${addressee}, ${[first, ...rest].map(escapeHtml).join('<br>')}</p>`,
    `<p><strong>${escapeHtml(title)}</strong></p>`,
    items.length === 0 ? '' : `<ul>${items.join('')}</ul>`,
    ...closing.map((line) => `<p>${escapeHtml(line)}</p>`),
    link === null ? '' : `<p><a href="${escapeHtml(link)}">Open in the console</a></p>`,
  ].join('');
}

/** Else the id of a room. */
export function isPerson(address: string): boolean {
  return address.startsWith('@');
}
