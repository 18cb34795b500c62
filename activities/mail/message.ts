import { escapeHtml } from '../../workflows/domain/encoding';
import type { TaskSummary } from '../../workflows/domain/task-summary';

/** What one person is told about one task. */
export interface VoteMail {
  readonly to: string;
  /** Of the addressee, as a greeting. */
  readonly name: string;
  readonly what: 'opened' | 'reminded' | 'refused' | 'urgent';
  readonly summary: TaskSummary;
  /** Why an answer did not count, or what is special about this message; empty: nothing. */
  readonly remark: string;
  readonly links: readonly VoteLink[];
  /** Where answers go; null: there are no votes by reply. */
  readonly replyTo: string | null;
  /** Without angle brackets. */
  readonly messageId: string;
  /** What all messages about the task refer to, so that readers keep them together. */
  readonly threadId: string;
}

export interface VoteLink {
  readonly choice: string;
  readonly url: string;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Multipart text and HTML of one message: nothing in it is loaded from elsewhere. */
export function composeMail(mail: VoteMail): MailText {
  const { summary, links, replyTo } = mail;
  const opening = openingOf(mail);
  const voting = votingLines(mail);
  const text = [
    `${mail.name},`,
    '',
    ...opening,
    '',
    summary.title,
    '',
    ...summary.facts.flatMap(({ name, lines }) => factLines(name, lines)),
    '',
    ...voting,
    ...links.map(({ choice, url }) => `${choice.toUpperCase()}: ${url}`),
    ...(replyTo === null || links.length === 0 ? [] : ['', replyHint(links)]),
  ].join('\n');
  return { subject: subjectOf(mail), text: `${text.trimEnd()}\n`, html: htmlOf(mail, { opening, voting }) };
}

/** The same for all messages about a task: readers sort by it, and the reference is what a signature of the answer covers. */
function subjectOf({ what, summary }: VoteMail): string {
  const { title, taskId } = summary;
  return `${what === 'urgent' ? 'Decide now:' : 'Approve?'} ${title.replaceAll(/\s+/g, ' ').slice(0, 120)} [${taskId}]`;
}

function openingOf({ what, remark }: VoteMail): readonly string[] {
  const rest = remark === '' ? [] : [remark];
  switch (what) {
    case 'opened':
      return ['your approval is asked for.', ...rest];
    case 'reminded':
      return ['a reminder: your approval is still asked for.', ...rest];
    case 'urgent':
      return ['your decision is asked for, and it cannot wait.', ...rest];
    case 'refused':
      return ['an answer in your name was not counted.', ...rest, 'If it was not yours, tell your administrators.'];
  }
}

function votingLines({ name, what, links, summary }: VoteMail): readonly string[] {
  if (what === 'refused') return [];
  if (links.length === 0) return [`Answer with the command line: task ${summary.taskId}.`];
  return [
    `A link opens a page that shows the facts and asks once more. It is the vote of ${name}, whoever opens it: do not forward it.`,
  ];
}

function replyHint(links: readonly VoteLink[]): string {
  const words = links.map(({ choice }) => choice.toUpperCase()).join(', ');
  return `Or answer this message, with one of these words as the first: ${words}. What follows is your comment.`;
}

function factLines(name: string, lines: readonly string[]): readonly string[] {
  const [first = '', ...rest] = lines;
  return rest.length === 0 ? [`${name}: ${first}`] : [`${name}:`, ...lines.map((line) => `  ${line}`)];
}

interface Spoken {
  readonly opening: readonly string[];
  readonly voting: readonly string[];
}

function htmlOf(mail: VoteMail, { opening, voting }: Spoken): string {
  const { summary, links, replyTo, name } = mail;
  const rows = summary.facts.map(
    (fact) =>
      `<tr><th align="left" valign="top" style="padding:2px 12px 2px 0;font-weight:600">${escapeHtml(fact.name)}</th><td style="padding:2px 0">${fact.lines.map(escapeHtml).join('<br>')}</td></tr>`,
  );
  const buttons = links.map(
    ({ choice, url }) =>
      `<a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 18px;margin:0 8px 8px 0;border:1px solid #444;border-radius:4px;text-decoration:none;color:#111">${escapeHtml(choice)}</a>`,
  );
  return [
    '<!doctype html><html><body style="font-family:sans-serif;font-size:15px;color:#111">',
    `<p>${escapeHtml(name)},</p>`,
    ...opening.map((line) => `<p>${escapeHtml(line)}</p>`),
    `<h2 style="font-size:18px">${escapeHtml(summary.title)}</h2>`,
    `<table cellspacing="0" cellpadding="0" style="font-size:14px">${rows.join('')}</table>`,
    buttons.length === 0 ? '' : `<p style="margin-top:18px">${buttons.join('')}</p>`,
    ...voting.map((line) => `<p style="color:#555">${escapeHtml(line)}</p>`),
    replyTo === null || links.length === 0 ? '' : `<p style="color:#555">${escapeHtml(replyHint(links))}</p>`,
    '</body></html>',
  ].join('\n');
}
