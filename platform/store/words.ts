import { createHash } from 'node:crypto';
import type { Json } from '../../workflows/domain/json';

/**
 * Words that something is found by, the same in both databases: neither takes text apart by itself.
 *
 * - W1 A word is a run of letters and digits, in lower case: `web-1` is found by `web` and by `1`.
 * - W2 All words of a search must be there; longer ones may be the beginning of what is there.
 */
export function wordsIn(texts: readonly string[]): readonly string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of split(text)) {
      words.add(word.slice(0, longestWord));
      if (words.size >= mostWords) return [...words];
    }
  }
  return [...words];
}

const longestWord = 60;
/** Beyond it an input is a document: nobody looks for a run by its middle. */
const mostWords = 300;

/**
 * W3 A host is one word, and its name before the first dot another: `web-3` is told from what is both `web` and `3`. Such words begin as no
 * other does, so that looking for the beginning `web` is not looking through every run on every host of a fleet.
 */
export function hostWords(name: string): readonly string[] {
  const [short = ''] = name.split('.');
  return [...new Set([name, short].map(hostWord).filter((word) => word !== null))];
}

/** Null: there is nothing in it to look for. */
function hostWord(name: string): string | null {
  const word = split(name).join(joint).slice(0, longestHost);
  return word === '' ? null : `${joint}${word}`;
}

/** A letter to both databases, and to nobody who names hosts. */
const joint = '\u01c3';
const longestHost = 120;

/** W4 A label is one word, whatever signs are in it, and no beginning of another: what has it is told from what has its words. */
export function labelWord({ name, value }: { readonly name: string; readonly value: string }): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, value]))
    .digest('hex');
  return `${labelMark}${digest.slice(0, labelDigits)}`;
}

/** As `joint`: a letter. */
const labelMark = '\u01c2';
/** 128 bits: nobody makes two labels that look alike. */
const labelDigits = 32;

/** Names and values, however deep. */
export function textsOf(value: Json): readonly string[] {
  if (value === null || typeof value === 'boolean') return [];
  if (typeof value !== 'object') return [String(value)];
  return Object.values(value).flatMap((member: Json) => textsOf(member));
}

export interface SoughtWord {
  readonly word: string;
  /** Also what only begins so. */
  readonly isBeginning: boolean;
}

export interface Sought {
  /** All of these must be there. */
  readonly words: readonly SoughtWord[];
  /** Or this one: a host. */
  readonly host: string;
}

/** What stands between two spaces is one thing: the words of `web-3`, or a host of that name. */
export function soughtNames(text: string): readonly Sought[] {
  return [...new Set(text.split(/\s+/))]
    .flatMap((part) => {
      const host = hostWord(part);
      return host === null ? [] : [{ words: soughtIn(part), host }];
    })
    .slice(0, mostSought);
}

/** Empty: there is nothing to look for, and so nothing to find. */
export function soughtIn(text: string): readonly SoughtWord[] {
  const words = [...new Set(split(text))].slice(0, mostSought).map((word) => word.slice(0, longestWord));
  return words.map((word) => ({ word, isBeginning: word.length >= shortestBeginning }));
}

const mostSought = 8;
/** So many words begin with one letter that looking for them would be looking at everything. */
const shortestBeginning = 3;

function split(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
