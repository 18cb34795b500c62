import { parseInputs } from '../../workflows/domain/inputs';
import type { Json } from '../../workflows/domain/json';
import type { Input } from '../../workflows/runbook/inputs/schema';
import type { RunbookStep } from '../../workflows/runbook/steps/runbook/schema';
import { Defaults } from '../../workflows/runbook/fields/schema';
import { Steps } from '../../workflows/runbook/steps/schema';
import { matchesInTime } from '../pattern';
import { mergeDefaults, noDefaults } from './defaults';
import { celOf, rewrite } from './inline-text';
import type { Names } from './inline-text';
import { recordFields } from './records';
import type { RunbookDocument } from './session';
import { below, fresh, report, withScope } from './site';
import type { Site } from './site';
import { addressOf, commonFields, limitOf, locksOf } from './step-context';
import type { StepContext } from './step-context';
import type { CompiledVerb } from './compilers';
import { compileValue } from './values';

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
  const own = Defaults.safeParse(rewrite(JSON.parse(JSON.stringify(runbook.spec.defaults ?? {})), names));
  if (!rewritten.success || !own.success) {
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
  const defaults = mergeDefaults(noDefaults, own.data, below(inner, 'defaults'));
  const body = site.unit.session.compilers.steps(withScope(below(inner, 'steps'), {}), rewritten.data, {
    defaults,
    parent: addressOf(context),
  });
  const step = {
    kind: 'group',
    steps: body.steps,
    ...limitOf(context, authored.timeout),
    ...locksOf(context, authored.locks),
    ...commonFields(context, authored, 'runbook'),
  } as const;
  return { step, fields: recordFields('outputs') };
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
    const taken = acceptedInput(site, { name, raw, input });
    if (taken === undefined) return null;
    inputs.set(name, celOf(taken));
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

/** What is known with the plan is looked at as inputs are (undefined: it is refused); the rest is text that the step's own expressions take in. */
function acceptedInput(
  site: Site,
  { name, raw, input }: { readonly name: string; readonly raw: Json; readonly input: Input },
): Json | undefined {
  const at = below(site, 'with', name);
  const value = compileValue(at, raw, { secrets: 'allowed' });
  const isOpen = !('literal' in value) || !site.unit.evaluates || value.literal === null;
  if (isOpen) return raw;
  const { inventory } = site.unit.session;
  const findHost = inventory === null ? null : (host: string): Json | null => inventory.hostViews.get(host) ?? null;
  const { values, problems } = parseInputs(
    { [name]: value.literal },
    { declared: { [name]: input }, findHost, late: new Set(), matches: matchesInTime },
  );
  for (const { code, message } of problems) report(at, { code, message, found: name });
  if (problems.length > 0) return undefined;
  // A host stays the text that names it: only what is read of it is material.
  return input.type === 'host' || holdsExpression(raw) ? raw : (values[name] ?? raw);
}

function holdsExpression(raw: Json): boolean {
  return JSON.stringify(raw).includes('${{');
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
