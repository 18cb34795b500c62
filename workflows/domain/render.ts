import { encodePart } from './encoding';
import type { Encoding } from './encoding';
import { evaluateExpression } from './expression';
import type { Failure } from './failure';
import type { Json, JsonObject } from './json';
import { isList, isObject } from './json-values';
import type { Scope, SecretReference, TextPart, Value } from './value';

export type Rendered<T extends Json = Json> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Turns a reference into its text. It is called at the last moment, in the activity; elsewhere pass a function that keeps the reference. */
export type ResolveSecret = (reference: SecretReference) => string;

/** A value of the plan with its expressions evaluated and its secrets filled in. Never throws. */
export function renderValue(value: Value, scope: Scope, secrets: ResolveSecret): Rendered {
  return render(value, { scope, secrets, encoding: null });
}

/** The input of an operation: interpolated parts of a field with an encoding are encoded for it. */
export function renderInput(
  value: Value,
  formats: { readonly [field: string]: Encoding },
  context: { readonly scope: Scope; readonly secrets: ResolveSecret },
): Rendered<JsonObject> {
  if ('literal' in value && isObject(value.literal)) return { ok: true, value: value.literal };
  if (!('map' in value)) return refuse('Cannot use the input of an operation: it is not a map');
  const fields: { [field: string]: Json } = {};
  for (const [field, member] of Object.entries(value.map)) {
    const rendered = render(member, { ...context, encoding: formats[field] ?? null });
    if (!rendered.ok) return rendered;
    fields[field] = rendered.value;
  }
  return { ok: true, value: fields };
}

/**
 * The arguments of `exec`: a list-valued element becomes as many arguments. What an expression gave may not pass for an option
 * unless a literal `--` stands before it.
 */
export function renderArguments(value: Value, scope: Scope, secrets: ResolveSecret): Rendered<readonly string[]> {
  const elements: readonly Value[] = 'list' in value ? value.list : [value];
  const result: string[] = [];
  let optionsEnded = false;
  for (const element of elements) {
    const rendered = renderValue(element, scope, secrets);
    if (!rendered.ok) return rendered;
    const computed = beginsComputed(element);
    for (const item of isList(rendered.value) ? rendered.value : [rendered.value]) {
      const text = textOf(item);
      if (text === null) return refuse(`Cannot use an argument: found ${kindOf(item)}, expected text`);
      if (computed && !optionsEnded && text.startsWith('-')) return looksLikeOption(text);
      if (!computed && text === '--') optionsEnded = true;
      result.push(text);
    }
  }
  return { ok: true, value: result };
}

export function looksLikeOption(text: string): { readonly ok: false; readonly failure: Failure } {
  const message = `Cannot use the argument ${JSON.stringify(text.slice(0, 80))}: it would be read as an option; put a literal -- before it`;
  return { ok: false, failure: { code: 'ARGUMENT_LOOKS_LIKE_OPTION', message } };
}

/** Every secret that a value needs, each once, in order of appearance. */
export function secretReferences(value: Value): readonly SecretReference[] {
  return [...new Set(references(value))];
}

/** Every expression that a value still has to evaluate. */
export function expressionsOf(value: Value): readonly string[] {
  if ('expression' in value) return [value.expression];
  if ('text' in value)
    return value.text.flatMap((part) => (typeof part !== 'string' && 'expression' in part ? [part.expression] : []));
  if ('list' in value) return value.list.flatMap(expressionsOf);
  return 'map' in value ? Object.values(value.map).flatMap(expressionsOf) : [];
}

/** As text stands inside text: numbers and truth values too; null, lists and maps not. */
export function textOf(value: Json): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : typeof value;
}

interface RenderContext {
  readonly scope: Scope;
  readonly secrets: ResolveSecret;
  readonly encoding: Encoding | null;
}

function render(value: Value, context: RenderContext): Rendered {
  if ('literal' in value) return { ok: true, value: value.literal };
  if ('secret' in value) return { ok: true, value: context.secrets(value.secret) };
  if ('expression' in value) return evaluateExpression(value.expression, context.scope);
  if ('text' in value) return renderText(value.text, context);
  if ('list' in value) return renderList(value.list, context);
  const members: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value.map)) {
    const rendered = render(member, context);
    if (!rendered.ok) return rendered;
    members[key] = rendered.value;
  }
  return { ok: true, value: members };
}

function renderList(list: readonly Value[], context: RenderContext): Rendered {
  const items: Json[] = [];
  for (const item of list) {
    const rendered = render(item, context);
    if (!rendered.ok) return rendered;
    items.push(rendered.value);
  }
  return { ok: true, value: items };
}

function renderText(parts: readonly TextPart[], context: RenderContext): Rendered {
  let text = '';
  for (const part of parts) {
    const rendered = renderPart(part, context);
    if (!rendered.ok) return rendered;
    text += rendered.value;
  }
  return { ok: true, value: text };
}

function renderPart(part: TextPart, context: RenderContext): Rendered<string> {
  if (typeof part === 'string') return { ok: true, value: part };
  if ('secret' in part) return { ok: true, value: encoded(context.secrets(part.secret), context) };
  const evaluated = evaluateExpression(part.expression, context.scope);
  if (!evaluated.ok) return evaluated;
  const text = textOf(evaluated.value);
  if (text === null)
    return refuse(`Cannot put the value of "${part.expression}" into text: found ${kindOf(evaluated.value)}`);
  return { ok: true, value: encoded(text, context) };
}

function encoded(text: string, context: RenderContext): string {
  return context.encoding === null ? text : encodePart(context.encoding, text);
}

function beginsComputed(element: Value): boolean {
  if ('literal' in element) return false;
  if (!('text' in element)) return true;
  return typeof element.text[0] !== 'string';
}

function references(value: Value): readonly SecretReference[] {
  if ('secret' in value) return [value.secret];
  if ('text' in value)
    return value.text.flatMap((part) => (typeof part !== 'string' && 'secret' in part ? [part.secret] : []));
  if ('list' in value) return value.list.flatMap(references);
  return 'map' in value ? Object.values(value.map).flatMap(references) : [];
}

function refuse(message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code: 'EXPRESSION_FAILED', message } };
}
