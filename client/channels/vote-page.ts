import { escapeHtml } from '../../workflows/domain/encoding';
import type { TaskSummary } from '../../workflows/domain/task-summary';
import type { Answer } from '../../workflows/domain/task';
import { renderPage } from '../plain-page';

/** What the page behind a link says. */
export type VotePage =
  | {
      readonly kind: 'ask';
      readonly summary: TaskSummary;
      readonly choice: string;
      /** Whose vote it is, whoever looks at the page. */
      readonly person: string;
      readonly onBehalfOf: string | null;
    }
  | {
      readonly kind: 'recorded';
      readonly summary: TaskSummary;
      readonly vote: Answer;
      /** When nothing was changed by this use of the link. */
      readonly isRepeat: boolean;
    }
  | { readonly kind: 'closed'; readonly summary: TaskSummary; readonly how: string }
  | { readonly kind: 'refused'; readonly summary: TaskSummary; readonly reason: string }
  | { readonly kind: 'unknown' }
  /** Nobody knows whether it counted; opening the link again tells. */
  | { readonly kind: 'failed' };

export function renderVotePage(page: VotePage): string {
  return renderPage(titleOf(page), bodyOf(page));
}

function titleOf(page: VotePage): string {
  switch (page.kind) {
    case 'unknown':
      return 'Link not known';
    case 'failed':
      return 'Try again';
    case 'ask':
    case 'recorded':
    case 'closed':
    case 'refused':
      return page.summary.title;
  }
}

function bodyOf(page: VotePage): readonly string[] {
  switch (page.kind) {
    case 'unknown':
      return [
        '<h1>This link is not known</h1>',
        '<p class="note">It was cut, or it belongs to another installation. Open it from the message again.</p>',
      ];
    case 'failed':
      return [
        '<h1>That did not work</h1>',
        '<p class="note">Open the link again in a moment: it shows what was recorded, if anything was.</p>',
      ];
    case 'ask':
      return [heading(page.summary), ...askedBody(page)];
    case 'recorded':
      return [heading(page.summary), note(recordedText(page)), factList(page.summary)];
    case 'closed':
      return [
        heading(page.summary),
        note(`Nothing was changed: the task is closed. ${page.how}`),
        factList(page.summary),
      ];
    case 'refused':
      return [heading(page.summary), note(`Nothing was changed. ${page.reason}`), factList(page.summary)];
  }
}

/** A scanner that follows links comes as far as this; a vote takes the press of the button. */
function askedBody({ summary, choice, person, onBehalfOf }: Extract<VotePage, { kind: 'ask' }>): readonly string[] {
  const whose = onBehalfOf === null ? `of ${person}` : `of ${onBehalfOf}, given by ${person}`;
  return [
    note(`Your choice: ${choice}. It will be recorded as the vote ${whose}.`),
    factList(summary),
    '<form method="post">',
    '<p><label>Comment<br><textarea name="comment" rows="3" maxlength="2000"></textarea></label></p>',
    `<button type="submit">${escapeHtml(choice)} as ${escapeHtml(person)}</button>`,
    '</form>',
  ];
}

function recordedText({ vote, isRepeat }: Extract<VotePage, { kind: 'recorded' }>): string {
  const comment = vote.comment === '' ? '' : ` Comment: ${vote.comment}`;
  const answer = `"${vote.choice}" by ${vote.actor}, through ${vote.via}.${comment}`;
  return isRepeat
    ? `This link was used before, and nothing was changed now. Recorded: ${answer}`
    : `Recorded: ${answer}`;
}

function heading({ title }: TaskSummary): string {
  return `<h1>${escapeHtml(title)}</h1>`;
}

function note(text: string): string {
  return `<p class="note">${escapeHtml(text)}</p>`;
}

function factList({ facts }: TaskSummary): string {
  const items = facts.map(
    ({ name, lines }) => `<dt>${escapeHtml(name)}</dt><dd>${lines.map(escapeHtml).join('\n')}</dd>`,
  );
  return `<dl>${items.join('')}</dl>`;
}
