/** Text as authors write it, taken apart: what is literal, and what stands in `${{ … }}`. */
export type TemplatePart =
  | { readonly text: string }
  /** CEL source, trimmed; `offset` of its first character in the text. */
  | { readonly expression: string; readonly offset: number };

export type ParsedTemplate =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly reason: string; readonly offset: number };

const open = '${{';
const escaped = '$${{';

/** `$${{` is a literal `${{`. An expression ends at the first `}}` outside its own quotes and braces. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  let literal = '';
  let position = 0;
  while (position < text.length) {
    const at = text.indexOf(open, position);
    if (at < 0) break;
    if (at > position && text.startsWith(escaped, at - 1)) {
      literal += `${text.slice(position, at - 1)}${open}`;
      position = at + open.length;
      continue;
    }
    const end = expressionEnd(text, at + open.length);
    if (end < 0) return { ok: false, reason: 'the expression is not closed by }}', offset: at };
    const inner = text.slice(at + open.length, end);
    if (inner.trim() === '') return { ok: false, reason: 'the expression is empty', offset: at };
    literal += text.slice(position, at);
    if (literal !== '') parts.push({ text: literal });
    literal = '';
    const leading = inner.length - inner.trimStart().length;
    parts.push({ expression: inner.trim(), offset: at + open.length + leading });
    position = end + 2;
  }
  literal += text.slice(position);
  if (literal !== '' || parts.length === 0) parts.push({ text: literal });
  return { ok: true, parts };
}

/** The whole value is one expression, so its type is kept. White space around it does not count. */
export function standsAlone(text: string): boolean {
  const parsed = parseTemplate(text.trim());
  const [only, ...others] = parsed.ok ? parsed.parts : [];
  return only !== undefined && others.length === 0 && 'expression' in only;
}

function expressionEnd(text: string, from: number): number {
  let quote = '';
  let braces = 0;
  for (let index = from; index < text.length; index++) {
    const char = text.charAt(index);
    if (quote !== '') {
      if (char === '\\') index++;
      else if (char === quote) quote = '';
      continue;
    }
    if (char === "'" || char === '"') quote = char;
    else if (char === '{') braces++;
    else if (char === '}' && braces > 0) braces--;
    else if (char === '}' && text.charAt(index + 1) === '}') return index;
  }
  return -1;
}
