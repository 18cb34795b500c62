import type { TaskSummary } from '../../workflows/domain/task-summary';

/** What one person is told about one task, in a channel that others read too. */
export interface VoteChat {
  /** The person's id in the chat. */
  readonly to: string;
  readonly what: 'opened' | 'reminded' | 'refused' | 'urgent';
  readonly summary: TaskSummary;
  readonly remark: string;
  /** Tokens for buttons; empty: nobody could tell who pressed one. */
  readonly buttons: readonly VoteButton[];
}

export interface VoteButton {
  readonly choice: string;
  readonly token: string;
}

const openings: { readonly [W in VoteChat['what']]: string } = {
  opened: 'your approval is asked for',
  reminded: 'a reminder: your approval is still asked for',
  refused: 'an answer in your name was not counted',
  urgent: 'your decision is asked for, now',
};

/** Limits of the block format. */
const sectionLength = 2_900;
const headerLength = 150;

/** A message in the format of incoming webhooks: text, and blocks with buttons. */
export function composeChat({ to, what, summary, remark, buttons }: VoteChat): object {
  const asks = openings[what];
  const facts = summary.facts.map(({ name, lines }) => `*${escapeText(name)}*: ${lines.map(escapeText).join('\n')}`);
  const section = (text: string): object => ({
    type: 'section',
    text: { type: 'mrkdwn', text: cut(text, sectionLength) },
  });
  return {
    text: `<@${to}> ${asks}: ${escapeText(summary.title)}`,
    blocks: [
      section(`<@${to}> ${asks}.${remark === '' ? '' : `\n${escapeText(remark)}`}`),
      { type: 'header', text: { type: 'plain_text', text: cut(summary.title, headerLength) } },
      section(facts.join('\n')),
      ...(buttons.length === 0
        ? [section(`Answer with the command line: task ${summary.taskId}.`)]
        : [{ type: 'actions', elements: buttons.map(button) }]),
    ],
  };
}

/** The person who presses it is told by the chat, and must be the one whom the token names. */
function button({ choice, token }: VoteButton): object {
  const isGrave = choice === 'approve' || choice === 'reject';
  return {
    type: 'button',
    action_id: `vote:${choice}`,
    text: { type: 'plain_text', text: choice },
    value: token,
    ...(isGrave ? { style: choice === 'approve' ? 'primary' : 'danger' } : {}),
  };
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** The three characters that the format gives a meaning to. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
