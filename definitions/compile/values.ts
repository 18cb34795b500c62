import { encodePart } from '../../workflows/domain/encoding';
import type { Encoding } from '../../workflows/domain/encoding';
import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { kindOf, textOf } from '../../workflows/domain/render';
import { capturedReference } from '../../workflows/domain/secret-reference';
import { parseTemplate } from '../../workflows/domain/template';
import type { TemplatePart } from '../../workflows/domain/template';
import type { TextPart, Value } from '../../workflows/domain/value';
import { check, evaluate, noteReads } from './expressions';
import { materialValue } from './material-values';
import { below, report } from './site';
import type { Site } from './site';

export interface ValueRules {
  readonly secrets: 'allowed' | 'refused';
  readonly encoding?: Encoding;
}

const literalNothing: Value = { literal: null };

/** What an author wrote, with everything that the plan phase decides filled in and the rest kept as text. */
export function compileValue(site: Site, raw: Json, rules: ValueRules): Value {
  if (typeof raw === 'string') return compileText(site, raw, rules);
  if (isList(raw)) return listOf(raw.map((item, index) => compileValue(below(site, index), item, rules)));
  if (!isObject(raw)) return { literal: raw };
  const members = Object.entries(raw).map(
    ([key, member]) => [key, compileValue(below(site, key), member, rules)] as const,
  );
  return mapOf(Object.fromEntries(members));
}

/** A list or map whose parts are all decided is a literal itself, so that equal plans have equal bytes. */
export function listOf(values: readonly Value[]): Value {
  const literals = values.flatMap((value) => ('literal' in value ? [value.literal] : []));
  return literals.length === values.length ? { literal: literals } : { list: values };
}

export function mapOf(values: { readonly [key: string]: Value }): Value {
  const literals = Object.entries(values).flatMap(([key, value]) =>
    'literal' in value ? [[key, value.literal] as const] : [],
  );
  return literals.length === Object.keys(values).length ? { literal: Object.fromEntries(literals) } : { map: values };
}

function compileText(site: Site, text: string, rules: ValueRules): Value {
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    report(site, {
      code: 'EXPRESSION_INVALID',
      message: `Cannot read the text: ${parsed.reason}`,
      offset: parsed.offset,
    });
    return literalNothing;
  }
  const [only, ...others] = parsed.parts;
  if (only !== undefined && others.length === 0)
    return 'text' in only ? { literal: only.text } : compilePart(site, only, rules);
  return joinParts(parsed.parts.map((part) => ('text' in part ? part.text : partOfText(site, part, rules))));
}

function compilePart(
  site: Site,
  part: { readonly expression: string; readonly offset: number },
  rules: ValueRules,
): Value {
  const secret = secretOf(site, part, rules) ?? capturedOf(site, part, rules);
  if (secret !== null) return secret;
  const checked = check(site, part.expression, part.offset);
  if (checked === null) return literalNothing;
  if (checked.phase === 'plan') {
    const value = evaluate(site, checked.source);
    if (value !== undefined) return { literal: materialValue(value, site.unit.session.inventory, site.unit.read) };
  }
  noteReads(site, checked.paths);
  return { expression: checked.source };
}

function partOfText(
  site: Site,
  part: Extract<TemplatePart, { readonly expression: string }>,
  rules: ValueRules,
): TextPart {
  const value = compilePart(site, part, rules);
  if ('secret' in value || 'expression' in value) return value;
  const text = 'literal' in value ? textOf(value.literal) : null;
  if (text !== null) return rules.encoding === undefined ? text : encodePart(rules.encoding, text);
  // In a mere check the value may not be known; a null that was reported already is not reported twice.
  if ('literal' in value && value !== literalNothing)
    report(site, {
      code: 'EXPRESSION_FAILED',
      message: `Cannot put the value of "${part.expression}" into text: found ${kindOf(value.literal)}`,
      offset: part.offset,
    });
  return '';
}

/** `secrets.token`, or a whole input of type secret. Never evaluated: the reference goes into the plan; what was not given is empty. */
function secretOf(
  site: Site,
  part: { readonly expression: string; readonly offset: number },
  rules: ValueRules,
): { readonly secret: string } | { readonly literal: string } | null {
  const named = /^(secrets|inputs)\.([A-Za-z][A-Za-z0-9]*)$/.exec(part.expression);
  const [, container, name] = named ?? [];
  if (container === undefined || name === undefined) return null;
  const { unit } = site;
  if (container === 'inputs' && !unit.secretInputs.has(name)) return null;
  const reference = container === 'inputs' ? unit.secretInputs.get(name) : unit.secrets.get(name);
  if (reference === undefined) {
    report(site, {
      code: 'UNKNOWN_SECRET',
      message: `Cannot find the secret "${name}": spec.secrets has none of this name`,
      offset: part.offset,
      found: name,
      accepted: [...unit.secrets.keys()],
    });
    return { secret: name };
  }
  if (rules.secrets === 'refused') reportRefused(site, part.offset);
  return reference === '' ? { literal: '' } : { secret: reference };
}

/** `steps.x.stdout` of a step with `capture: secret`: never a value of the run, only a name for the worker. */
function capturedOf(
  site: Site,
  part: { readonly expression: string; readonly offset: number },
  rules: ValueRules,
): { readonly secret: string } | null {
  const [, id = '', path = ''] =
    /^(?:host\.)?steps\.([a-z][A-Za-z0-9]*)\.((?:stdout|result)(?:\.[A-Za-z_]\w*)*)$/.exec(part.expression) ?? [];
  const step = site.scope.steps.get(id);
  if (step?.secret !== true || step.fields?.includes(path.split('.')[0] ?? '') === false) return null;
  if (rules.secrets === 'refused') reportRefused(site, part.offset);
  return { secret: capturedReference({ step: id, path, ofHost: step.inBody && site.scope.body !== null }) };
}

function reportRefused(site: Site, offset: number): void {
  report(site, {
    code: 'SECRET_REFUSED',
    message: 'Cannot use a secret here: it would be shown; secrets stand in env, stdin and with',
    offset,
  });
}

function joinParts(parts: readonly TextPart[]): Value {
  const joined: TextPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  const [only, ...others] = joined;
  if (only === undefined) return { literal: '' };
  return typeof only === 'string' && others.length === 0 ? { literal: only } : { text: joined };
}
