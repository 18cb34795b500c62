import { cut, fitted } from '../notice-fit';
import type { NoticeChoice, NoticeMessage } from '../notice-message';

/** Limits of the block format. */
const sectionLength = 3_000;
const headerLength = 150;
const buttonLength = 75;
const longest = 5_000;

/** A message in the format of incoming webhooks: text, and blocks with buttons. Others read along: no link in it votes. */
export function composeChat(whole: NoticeMessage): object {
  const fits = (shortened: NoticeMessage): boolean =>
    Object.values(sectionsOf(shortened)).every((text) => text.length <= sectionLength);
  const message = fitted(whole, { longest, fits });
  const { title, opening, choices } = message;
  const sections = sectionsOf(message);
  const buttons = choices.flatMap(button);
  return {
    text: `${mentionOf(message)} ${escapeText(opening[0] ?? '').replace(/\.$/, '')}: ${escapeText(title)}`,
    blocks: [
      ...section(sections.opening),
      ...(title === '' ? [] : [{ type: 'header', text: { type: 'plain_text', text: cut(title, headerLength) } }]),
      ...section(sections.facts),
      ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }]),
      ...section(sections.closing),
    ],
  };
}

function sectionsOf(message: NoticeMessage): { readonly [name in 'opening' | 'facts' | 'closing']: string } {
  const { opening, facts, closing, link } = message;
  const page = link === null ? [] : [`<${escapeText(link).replaceAll('|', '%7C')}|Open in the console>`];
  return {
    opening: `${mentionOf(message)} ${opening.map(escapeText).join('\n')}`,
    facts: facts.map(({ name, lines }) => `*${escapeText(name)}*: ${lines.map(escapeText).join('\n')}`).join('\n'),
    closing: [...closing.map(escapeText), ...page].join('\n'),
  };
}

/** Verbatim: what looks like the name of a channel or of everybody in it is not made one. */
function section(text: string): readonly object[] {
  return text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
}

/** The person who presses it is told by the chat, and must be the one whom the token names. */
function button({ choice, token }: NoticeChoice): readonly object[] {
  if (token === null) return [];
  const isGrave = choice === 'approve' || choice === 'reject';
  return [
    {
      type: 'button',
      action_id: `vote:${choice}`,
      text: { type: 'plain_text', text: cut(choice, buttonLength) },
      value: token,
      ...(isGrave ? { style: choice === 'approve' ? 'primary' : 'danger' } : {}),
    },
  ];
}

function mentionOf({ to }: NoticeMessage): string {
  return `<@${escapeText(to)}>`;
}

/** The three characters that the format gives a meaning to. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
