import { evaluateExpression } from './expression';
import type { Json } from './json';
import { isList, isObject } from './json-values';
import { kindOf, textOf } from './render';
import type { Rendered } from './render';
import { parseTemplate, standsAlone } from './template';
import type { Scope } from './value';

/** A value as authors write it, with what stands in `${{ … }}` evaluated: for what is not part of a plan. Never throws. */
export function filled(value: Json, scope: Scope): Rendered {
  if (typeof value === 'string') return filledText(value, scope);
  if (isList(value)) {
    const list: Json[] = [];
    for (const member of value) {
      const rendered = filled(member, scope);
      if (!rendered.ok) return rendered;
      list.push(rendered.value);
    }
    return { ok: true, value: list };
  }
  if (!isObject(value)) return { ok: true, value };
  const entries: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const rendered = filled(member, scope);
    if (!rendered.ok) return rendered;
    entries.push([key, rendered.value]);
  }
  return { ok: true, value: Object.fromEntries(entries) };
}

function filledText(text: string, scope: Scope): Rendered {
  const parsed = parseTemplate(standsAlone(text) ? text.trim() : text);
  if (!parsed.ok) return refuse(`Cannot read an expression: ${parsed.reason}`);
  const [only, ...others] = parsed.parts;
  if (only !== undefined && others.length === 0 && 'expression' in only)
    return evaluateExpression(only.expression, scope);
  let whole = '';
  for (const part of parsed.parts) {
    const found = 'text' in part ? { ok: true as const, value: part.text } : evaluateExpression(part.expression, scope);
    if (!found.ok) return found;
    const rest = textOf(found.value);
    if (rest === null) return refuse(`Cannot put ${kindOf(found.value)} into a text`);
    whole += rest;
  }
  return { ok: true, value: whole };
}

function refuse(message: string): Rendered {
  return { ok: false, failure: { code: 'EXPRESSION_FAILED', message } };
}
