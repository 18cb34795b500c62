import type { Fact } from '../../workflows/domain/task-summary';
import { fitted, jsonBytes } from '../notice-fit';
import type { NoticeMessage } from '../notice-message';

/** Teams takes 28 KB; what the workflow puts around the card is left room for. */
const mostBytes = 24_000;
const longest = 16_000;

/** An Adaptive Card for a workflow of Teams. The whole channel reads it: it says who is meant, and no link in it votes. */
export function composeTeams(whole: NoticeMessage): object {
  return messageOf(fitted(whole, { longest, fits: (shortened) => jsonBytes(messageOf(shortened)) <= mostBytes }));
}

function messageOf(message: NoticeMessage): object {
  const content = cardOf(message);
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return { type: 'message', attachments: [attachment] };
}

function cardOf({ to, urgency, opening, title, facts, closing, link }: NoticeMessage): object {
  const color = urgency === 'urgent' ? { color: 'Attention' } : {};
  const [first = '', ...rest] = opening;
  const paragraphs = [
    [run(to, strong), run(`, ${first}`)],
    ...rest.map((line) => [run(line)]),
    [run(title, { ...strong, size: 'Large', ...color })],
    ...facts.flatMap(factParagraphs),
    ...closing.map((line) => [run(line, { isSubtle: true })]),
  ];
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: paragraphs.filter((runs) => runs.some(({ text }) => text !== '')).map(block),
    actions: link === null ? [] : [{ type: 'Action.OpenUrl', title: 'Open in the console', url: link }],
  };
}

/** As a card writes it: it knows no lines within a text. */
function factParagraphs({ name, lines }: Fact): readonly (readonly TextRun[])[] {
  const [first = '', ...rest] = lines;
  if (rest.length === 0) return [[run(`${name}: `, strong), run(first)]];
  return [[run(`${name}:`, strong)], ...lines.map((line) => [run(line)])];
}

/** Unlike a text block or a fact of a card it knows no Markdown, so that nothing that others wrote becomes a link. */
interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
}

const strong = { weight: 'Bolder' } as const;

function run(text: string, look: object = {}): TextRun {
  return { type: 'TextRun', text, ...look };
}

function block(inlines: readonly TextRun[]): object {
  return { type: 'RichTextBlock', inlines };
}
