import { flowSteps } from './yaml-flow';

/** Where in a YAML document somebody is typing. Read from indentation, so that it works while the text is not valid. */
export interface YamlPlace {
  /** Keys and positions down to the mapping that is typed into. */
  readonly path: readonly YamlStep[];
  /** Of what a value is typed; null: a key is typed. */
  readonly key: string | null;
  /** Where the word that is typed begins. */
  readonly from: number;
  /** Keys that stand in the same mapping already. */
  readonly siblings: readonly string[];
  /** Of the document, to find its schema. */
  readonly kind: string | null;
}

export type YamlStep = string | number;

interface Entry {
  readonly indent: number;
  readonly step: YamlStep;
}

interface Told {
  readonly parent: string;
  readonly key: string;
}

/** Null: in a comment, in a block of text, or where nobody can tell. */
export function yamlPlace(text: string, offset: number): YamlPlace | null {
  const start = Math.max(text.lastIndexOf('\n---', Math.max(0, offset - 1)), 0);
  const next = text.indexOf('\n---', offset);
  const document = text.slice(start, next === -1 ? text.length : next);
  const walk = walkLines(document, offset - start);
  if (walk.here === null) return null;
  const { path, key, from } = walk.here;
  const parent = JSON.stringify(path);
  const siblings = walk.told.filter((told) => told.parent === parent).map((told) => told.key);
  const kind = /^kind:[ \t]*["']?([A-Za-z]+)/m.exec(document)?.[1] ?? null;
  return { path, key, from: from + start, siblings, kind };
}

interface Here {
  readonly path: readonly YamlStep[];
  readonly key: string | null;
  readonly from: number;
}

function walkLines(document: string, cursor: number): { readonly here: Here | null; readonly told: readonly Told[] } {
  const told: Told[] = [];
  let stack: readonly Entry[] = [];
  let block: number | null = null;
  let here: Here | null = null;
  let position = 0;
  for (const line of document.split('\n')) {
    const isHere = cursor >= position && cursor <= position + line.length;
    const indent = line.length - line.trimStart().length;
    const isBlock = block !== null && (line.trim() === '' || indent > block);
    if (!isBlock) {
      block = null;
      if (isHere) here = placeOnLine(stack, line.slice(0, cursor - position), position);
      const read = readLine(stack, line);
      // What is being typed is not there yet.
      if (read.key !== null && !isHere) told.push({ parent: JSON.stringify(read.parent), key: read.key });
      stack = read.stack;
      if (/[|>][+-]?\d?\s*(?:#.*)?$/.test(line) && read.key !== null) block = read.indent;
    }
    position += line.length + 1;
  }
  return { here, told };
}

const linePattern = /^(\s*(?:-\s+)*)(?:("[^"]*"|'[^']*'|[^\s#:{}[\],&*!|>%@`"'-][^:#]*?)\s*:(?=\s|$))?/;

interface ReadLine {
  readonly stack: readonly Entry[];
  readonly parent: readonly YamlStep[];
  readonly key: string | null;
  readonly indent: number;
}

function readLine(stack: readonly Entry[], line: string): ReadLine {
  const isSilent = line.trim() === '' || line.trimStart().startsWith('#') || line.startsWith('---');
  if (isSilent) return { stack, parent: [], key: null, indent: 0 };
  const [, lead = '', rawKey] = linePattern.exec(line) ?? [];
  const entered = enterItems(stack, line.trim() === '-' ? line : lead);
  const indent = lead.length;
  if (rawKey === undefined) return { stack: entered, parent: [], key: null, indent };
  const key = rawKey.replaceAll(/^["']|["']$/g, '');
  const parents = entered.filter((entry) => entry.indent < indent);
  return {
    stack: [...parents, { indent, step: key }],
    parent: parents.map(({ step }) => step),
    key,
    indent,
  };
}

/** Each dash begins an item; it may stand as far left as the key of its list. */
function enterItems(stack: readonly Entry[], lead: string): readonly Entry[] {
  let entered = stack;
  for (const { index: indent } of lead.matchAll(/-(?=\s|$)/g)) {
    const before = entered.find((entry) => entry.indent === indent && typeof entry.step === 'number');
    const outer = entered.filter(
      (entry) => entry.indent < indent || (entry.indent === indent && typeof entry.step === 'string'),
    );
    const position = typeof before?.step === 'number' ? before.step + 1 : 0;
    entered = [...outer, { indent, step: position }];
  }
  return entered;
}

function placeOnLine(stack: readonly Entry[], before: string, lineStart: number): Here | null {
  if (/(?:^|\s)#/.test(before)) return null;
  const { stack: own, parent, key } = readLine(stack, before);
  if (key === null) return keyPlace(stack, before, lineStart);
  const typed = before.slice((linePattern.exec(before)?.[0] ?? '').length);
  const flow = flowSteps(typed);
  const value = typed.trimStart();
  if (flow === null) return { path: parent, key, from: lineStart + before.length - value.length };
  const path = [...own.map(({ step }) => step), ...flow.path];
  return { path, key: flow.key, from: lineStart + before.length - flow.word.length };
}

function keyPlace(stack: readonly Entry[], before: string, lineStart: number): Here | null {
  const match = /^(\s*(?:-\s+)*)([\w./-]*)$/.exec(before);
  if (match === null) return null;
  const [, lead = '', word = ''] = match;
  const entered = enterItems(stack, lead);
  const path = entered.filter(({ indent }) => indent < lead.length).map(({ step }) => step);
  return { path, key: null, from: lineStart + before.length - word.length };
}
