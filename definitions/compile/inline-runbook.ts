import { parseExpression } from '../../workflows/domain/expression';
import { pathsOf } from '../../workflows/domain/expression-syntax';
import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { parseTemplate } from '../../workflows/domain/template';
import type { TemplatePart } from '../../workflows/domain/template';
import type { RunbookStep } from '../../workflows/runbook/steps/runbook/schema';
import { Steps } from '../../workflows/runbook/steps/schema';
import { mergeDefaults, noDefaults } from './defaults';
import { recordFields } from './records';
import type { RunbookDocument } from './session';
import { below, fresh, report, withScope } from './site';
import type { Site } from './site';
import { addressOf, commonFields, locksOf } from './step-context';
import type { StepContext } from './step-context';
import type { CompiledVerb } from './compilers';

/**
 * A runbook with `scope: host` becomes a group of the rollout's body. Its inputs and variables are replaced by the texts that
 * they stand for, since there is no child run that could hold them; its steps get names of their own.
 */
export function inlineRunbook(
  context: StepContext,
  authored: RunbookStep,
  runbook: RunbookDocument,
): CompiledVerb | null {
  const { site } = context;
  const names = substitutions(context, authored, runbook);
  if (names === null) return null;
  const rewritten = Steps.safeParse(rewrite(JSON.parse(JSON.stringify(runbook.spec.steps)), names));
  if (!rewritten.success) {
    report(below(site, 'runbook'), {
      code: 'RUNBOOK_SCOPE',
      message: `Cannot inline the runbook "${runbook.name}": its steps do not stand for themselves`,
    });
    return null;
  }
  const inner: Site = {
    ...fresh(site),
    document: runbook.document,
    path: ['spec'],
    unit: {
      ...site.unit,
      stack: [...site.unit.stack, runbook.name],
      ids: new Set([...site.unit.ids, ...names.ids.values()]),
    },
  };
  const defaults = mergeDefaults(noDefaults, runbook.spec.defaults, below(inner, 'defaults'));
  const body = site.unit.session.compilers.steps(withScope(below(inner, 'steps'), {}), rewritten.data, {
    defaults,
    parent: addressOf(context),
  });
  const step = {
    kind: 'group',
    steps: body.steps,
    ...locksOf(context, authored.locks),
    ...commonFields(context, authored, 'runbook'),
  } as const;
  return { step, fields: recordFields('outputs') };
}

interface Names {
  /** CEL text for each input and variable. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly vars: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly ids: ReadonlyMap<string, string>;
}

function substitutions(context: StepContext, authored: RunbookStep, runbook: RunbookDocument): Names | null {
  const { site, id } = context;
  const declared = runbook.spec.inputs ?? {};
  const inputs = new Map<string, string>();
  for (const name of Object.keys(authored.with ?? {})) {
    if (!Object.hasOwn(declared, name))
      report(below(site, 'with', name), {
        code: 'UNKNOWN_INPUT',
        message: `Cannot use the input "${name}": the runbook has none of this name`,
        found: name,
        accepted: Object.keys(declared),
      });
  }
  for (const [name, input] of Object.entries(declared)) {
    const raw =
      authored.with?.[name] ?? ('default' in input ? input.default : input.required === false ? null : undefined);
    if (raw === undefined) {
      report(below(site, 'with'), {
        code: 'MISSING_INPUT',
        message: `Cannot embed the runbook without the input "${name}": it is required (${input.type})`,
        found: name,
      });
      return null;
    }
    inputs.set(name, celOf(raw));
  }
  const ids = new Map<string, string>();
  for (const match of JSON.stringify(runbook.spec.steps).matchAll(/"id":"([a-z])([A-Za-z0-9]*)"/g)) {
    const [, first = '', rest = ''] = match;
    ids.set(`${first}${rest}`, `${id}${first.toUpperCase()}${rest}`);
  }
  const secrets = inlineSecrets(context, runbook);
  const before: Names = { inputs, vars: new Map(), secrets, ids };
  const vars = new Map(
    Object.entries(runbook.spec.vars ?? {}).map(([name, raw]) => [name, celOf(rewrite(raw, before))]),
  );
  return { ...before, vars };
}

function inlineSecrets({ site, id }: StepContext, runbook: RunbookDocument): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, reference] of Object.entries(runbook.spec.secrets ?? {})) {
    const own = `${id}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    site.unit.secrets.set(own, reference);
    names.set(name, own);
  }
  return names;
}

/** A value as CEL: JSON is CEL already, text with expressions becomes a sum of texts. */
function celOf(raw: Json): string {
  if (typeof raw !== 'string') return JSON.stringify(raw);
  const parsed = parseTemplate(raw);
  if (!parsed.ok) return JSON.stringify(raw);
  const [only, ...others] = parsed.parts;
  if (only !== undefined && others.length === 0) return 'text' in only ? JSON.stringify(only.text) : only.expression;
  return parsed.parts
    .map((part) => ('text' in part ? JSON.stringify(part.text) : `string(${part.expression})`))
    .join(' + ');
}

function rewrite(raw: Json, names: Names): Json {
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
    const [field = ''] = path.fields;
    const replaced = replacement(path.name, field, names);
    if (replaced === null) continue;
    const written = new RegExp(`^${path.name}\\s*\\.\\s*${field}`).exec(text.slice(path.start));
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
