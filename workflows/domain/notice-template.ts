import { evaluateExpression } from './expression';
import type { Json } from './json';
import { noticeKinds } from './notice';
import type { Channel, NoticeKind } from './notice';
import type { NoticeContext } from './notice-context';
import { kindOf, textOf } from './render';
import { parseTemplate } from './template';

/** Own words for messages of one kind. */
export interface NoticeTemplate {
  readonly name: string;
  readonly notice: NoticeKind;
  /** Null: all of them, as far as no other template is for one of them in particular. */
  readonly channels: readonly Channel[] | null;
  /** Null: as without a template, as is the text. */
  readonly subject: string | null;
  readonly text: string | null;
}

export const templateLimits = {
  subjectLength: 300,
  textLength: 8_000,
  /** Each is bounded by itself; so are all of them. */
  expressions: 50,
  /** Of what comes out: a channel takes no more, or a reader. */
  writtenSubjectLength: 200,
  writtenTextLength: 4_000,
} as const;

/** An answer by mail is known by the subject of the question: that is not for templates to say. */
export function mayHaveSubject(kind: NoticeKind): boolean {
  return !noticeKinds[kind].asks;
}

/** A template for the channel goes before one for all channels; of several the first by its name. */
export function templateFor(
  templates: readonly NoticeTemplate[],
  { kind, channel }: { readonly kind: NoticeKind; readonly channel: Channel },
): NoticeTemplate | null {
  const fitting = templates
    .filter(({ notice, channels }) => notice === kind && (channels === null || channels.includes(channel)))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return fitting.find(({ channels }) => channels !== null) ?? fitting[0] ?? null;
}

/** Would both of them have to word the same message? Then nobody could tell which does. */
export function collide(one: NoticeTemplate, other: NoticeTemplate): boolean {
  if (one.notice !== other.notice || one.name === other.name) return false;
  if (one.channels === null || other.channels === null) return one.channels === other.channels;
  return one.channels.some((channel) => other.channels?.includes(channel) === true);
}

export type WordedNotice =
  | {
      readonly ok: true;
      /** One line; null: as without a template, as is the text. */
      readonly subject: string | null;
      /** Lines, none of them empty. */
      readonly text: readonly string[] | null;
    }
  | { readonly ok: false; readonly reason: string };

/** The words of a template. Never throws; whatever the values hold, a subject is one line, and nothing is longer than its limit. */
export function wordNotice({ subject, text }: NoticeTemplate, context: NoticeContext): WordedNotice {
  const [line, body] = [filled(subject, context), filled(text, context)];
  if (!line.ok) return line;
  if (!body.ok) return body;
  const lines = body.text === null ? null : linesOf(body.text);
  const written = line.text === null ? null : oneLine(line.text);
  if (written === '') return { ok: false, reason: 'the subject is empty' };
  return lines?.length === 0 ? { ok: false, reason: 'the text is empty' } : { ok: true, subject: written, text: lines };
}

type Filled = { readonly ok: true; readonly text: string | null } | { readonly ok: false; readonly reason: string };

function filled(template: string | null, context: NoticeContext): Filled {
  if (template === null) return { ok: true, text: null };
  const parsed = parseTemplate(template);
  if (!parsed.ok) return { ok: false, reason: parsed.reason };
  const scope = scopeOf(context);
  let text = '';
  for (const part of parsed.parts) {
    if ('text' in part) {
      text += part.text;
      continue;
    }
    const evaluated = evaluateExpression(part.expression, scope);
    if (!evaluated.ok) return { ok: false, reason: evaluated.failure.message };
    const value = textOf(evaluated.value);
    if (value === null)
      return { ok: false, reason: `the value of "${part.expression}" is no text: found ${kindOf(evaluated.value)}` };
    text += value;
  }
  return { ok: true, text };
}

function scopeOf({ notice, person, about, run, change }: NoticeContext): { readonly [name: string]: Json } {
  return {
    notice: { ...notice },
    person: { ...person },
    about: { ...about },
    ...(run === undefined ? {} : { run: { ...run } }),
    ...(change === undefined ? {} : { change: { ...change } }),
  };
}

/** A line break in a subject would be a header of the author's own. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return shortened(line, templateLimits.writtenSubjectLength);
}

function linesOf(text: string): readonly string[] {
  return shortened(text, templateLimits.writtenTextLength)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replaceAll(/\p{Cc}+/gu, ' ').trim())
    .filter((line) => line !== '');
}

/** Never within a character of two halves. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
