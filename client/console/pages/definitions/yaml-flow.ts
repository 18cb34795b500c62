/** Inside of `{ … }` and `[ … ]` on one line: where somebody is typing there. */
export interface FlowPlace {
  readonly path: readonly (string | number)[];
  readonly key: string | null;
  readonly word: string;
}

interface Level {
  readonly list: boolean;
  readonly key: string | null;
  readonly position: number;
}

/** Null: the value that is typed is not written in braces. */
export function flowSteps(typed: string): FlowPlace | null {
  let levels: readonly Level[] = [];
  let word = '';
  for (const token of typed.matchAll(/"[^"]*"?|'[^']*'?|[{}[\],]|:(?=\s|$)|[^\s{}[\],:]+|\s+|:/g)) {
    const [text] = token;
    const next = enter(levels, text, word);
    word = /^[\s{}[\],]|^:$/.test(text) ? '' : text;
    levels = next;
  }
  const inner = levels.at(-1);
  if (inner === undefined) return null;
  const outer = levels.slice(0, -1).map(stepOf);
  return inner.list ? { path: [...outer, inner.position], key: '', word } : { path: outer, key: inner.key, word };
}

function enter(levels: readonly Level[], text: string, word: string): readonly Level[] {
  const inner = levels.at(-1);
  const outer = levels.slice(0, -1);
  switch (text) {
    case '{':
    case '[':
      return [...levels, { list: text === '[', key: null, position: 0 }];
    case '}':
    case ']':
      return outer;
    case ',':
      return inner === undefined ? levels : [...outer, { ...inner, key: null, position: inner.position + 1 }];
    case ':':
      return inner === undefined ? levels : [...outer, { ...inner, key: word.replaceAll(/["']/g, '') }];
    default:
      return levels;
  }
}

function stepOf({ list, key, position }: Level): string | number {
  return list ? position : (key ?? '');
}
