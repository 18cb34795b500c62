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
