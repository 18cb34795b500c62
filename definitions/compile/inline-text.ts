import { parseExpression } from '../../workflows/domain/expression';
import { pathsOf } from '../../workflows/domain/expression-syntax';
import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { parseTemplate } from '../../workflows/domain/template';
import type { TemplatePart } from '../../workflows/domain/template';

/** What the names of an inlined runbook stand for, in the runbook that takes it in. */
export interface Names {
  /** CEL text for each input and variable. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly vars: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly ids: ReadonlyMap<string, string>;
}

/** A value as CEL: JSON is CEL already, text with expressions becomes a sum of texts. */
export function celOf(raw: Json): string {
  if (typeof raw !== 'string') return JSON.stringify(raw);
  const parsed = parseTemplate(raw);
  if (!parsed.ok) return JSON.stringify(raw);
  const [only, ...others] = parsed.parts;
  if (only !== undefined && others.length === 0) return 'text' in only ? JSON.stringify(only.text) : only.expression;
  return parsed.parts
    .map((part) => ('text' in part ? JSON.stringify(part.text) : `string(${part.expression})`))
    .join(' + ');
}

export function rewrite(raw: Json, names: Names): Json {
  if (isList(raw)) return raw.map((item) => rewrite(item, names));
  if (typeof raw === 'string') return rewriteText(raw, names);
  if (!isObject(raw)) return raw;
  const id = typeof raw['id'] === 'string' ? names.ids.get(raw['id']) : undefined;
  const members = Object.entries(raw).map(
    ([key, member]) => [key, key === 'id' && id !== undefined ? id : rewrite(member, names)] as const,
  );
  return Object.fromEntries(members);
}

function rewriteText(text: string, names: Names): string {
  const parsed = parseTemplate(text);
  if (!parsed.ok || parsed.parts.every((part) => 'text' in part)) return text;
  return parsed.parts.map((part) => writePart(part, names)).join('');
}

function writePart(part: TemplatePart, names: Names): string {
  if ('text' in part) return part.text.replaceAll('${{', '$${{');
  return `\${{ ${rewriteExpression(part.expression, names)} }}`;
}

function rewriteExpression(source: string, names: Names): string {
  const parsed = parseExpression(source);
  if (!parsed.ok) return source;
  let text = source;
  const paths = [...pathsOf(parsed.syntax)].sort((a, b) => b.start - a.start);
  for (const path of paths) {
    // `host.steps.x` is `steps.x` in a body.
    const ofHost = path.name === 'host' && path.fields[0] === 'steps';
    const [name, field = ''] = ofHost ? ['steps', path.fields[1]] : [path.name, path.fields[0]];
    const replaced = replacement(name, field, names);
    if (replaced === null) continue;
    const said = ofHost ? `host\\s*\\.\\s*steps` : path.name;
    const written = new RegExp(`^${said}\\s*\\.\\s*${field}`).exec(text.slice(path.start));
    if (written !== null) text = text.slice(0, path.start) + replaced + text.slice(path.start + written[0].length);
  }
  return text;
}

function replacement(name: string, field: string, names: Names): string | null {
  const renamed = names.ids.get(field);
  const secret = names.secrets.get(field);
  if (name === 'steps' && renamed !== undefined) return `steps.${renamed}`;
  if (name === 'secrets' && secret !== undefined) return `secrets.${secret}`;
  const value = name === 'inputs' ? names.inputs.get(field) : name === 'vars' ? names.vars.get(field) : undefined;
  if (value === undefined) return null;
  return /^[A-Za-z][A-Za-z0-9.]*$/.test(value) ? value : `(${value})`;
}
