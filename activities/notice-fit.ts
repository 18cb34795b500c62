import type { Fact } from '../workflows/domain/task-summary';
import type { NoticeMessage } from './notice-message';

/** Enough to say what it is about; a digest has its items among the facts. */
const longest = { name: 100, subject: 250, title: 200 } as const;
/** Below this nothing would be said any more. */
const leastLength = 80;

/**
 * The message as a channel can take it: lines are lines, no character changes how others are shown, and facts give way, then
 * sentences, until it fits. `longest`: of the facts and of the sentences, to begin with.
 */
export function fitted(
  message: NoticeMessage,
  { longest: mostLength, fits }: { readonly longest: number; readonly fits: (shortened: NoticeMessage) => boolean },
): NoticeMessage {
  const clean = cleaned(message);
  let length = mostLength;
  let shortened = shortenedTo(clean, length);
  while (length > leastLength && !fits(shortened)) {
    length = Math.floor(length / 2);
    shortened = shortenedTo(clean, length);
  }
  return shortened;
}

/** As the body of a call, in UTF-8. */
export function jsonBytes(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Whole characters, and a mark where some are missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `Risk: high`, or the name and its lines below. */
export function factLines({ name, lines }: Fact): readonly string[] {
  const [first = '', ...rest] = lines;
  return rest.length === 0 ? [`${name}: ${first}`] : [`${name}:`, ...lines.map((line) => `  ${line}`)];
}

function cleaned(message: NoticeMessage): NoticeMessage {
  const { name, subject, title, opening, closing, facts } = message;
  return {
    ...message,
    name: cut(oneLine(name), longest.name),
    subject: cut(oneLine(subject), longest.subject),
    title: cut(oneLine(title), longest.title),
    opening: opening.map(oneLine),
    closing: closing.map(oneLine),
    facts: facts.map((fact) => ({ name: cut(oneLine(fact.name), longest.name), lines: fact.lines.flatMap(linesOf) })),
  };
}

/** Half of the length is for the facts at least. */
function shortenedTo(message: NoticeMessage, length: number): NoticeMessage {
  return {
    ...message,
    title: cut(message.title, Math.max(length, leastLength)),
    opening: firstOf(message.opening, length / 4).kept,
    closing: firstOf(message.closing, length / 4).kept,
    facts: firstFacts(message.facts, length / 2),
  };
}

function firstFacts(facts: readonly Fact[], length: number): readonly Fact[] {
  const kept: Fact[] = [];
  let left = length;
  for (const { name, lines } of facts) {
    const first = firstOf(lines, left - name.length);
    if (first.kept.length > 0) kept.push({ name, lines: first.kept });
    left -= name.length + first.length;
    if (first.isCut) return [...kept, { name: '…', lines: ['there is more than fits in a message'] }];
  }
  return kept;
}

interface First {
  readonly kept: readonly string[];
  readonly length: number;
  readonly isCut: boolean;
}

function firstOf(lines: readonly string[], length: number): First {
  const kept: string[] = [];
  let used = 0;
  for (const line of lines) {
    const left = Math.floor(length - used);
    if (line.length > left) return { kept: left > 1 ? [...kept, cut(line, left)] : kept, length: used, isCut: true };
    kept.push(line);
    used += line.length + 1;
  }
  return { kept, length: used, isCut: false };
}

/** Control characters, halves of characters, and those that reverse or hide the text around them. */
const disguises = /[\p{Cc}\p{Cs}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(disguises, '').trim();
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replaceAll('\t', ' ').replaceAll(disguises, '').trimEnd());
}
