import type { InputRule } from '../../workflows/domain/input-rule';
import type { Json } from '../../workflows/domain/json';
import { expressionsOf } from '../../workflows/domain/render';
import { isCaptured } from '../../workflows/domain/secret-reference';
import type { Value } from '../../workflows/domain/value';
import type { Input, Inputs } from '../../workflows/runbook/inputs/schema';
import type { RunbookStep } from '../../workflows/runbook/steps/runbook/schema';
import { check } from './expressions';
import { inlineRunbook } from './inline-runbook';
import { recordFields } from './records';
import type { RunbookDocument } from './session';
import { below, report, reportMissing } from './site';
import type { Site } from './site';
import { addressOf, commonFields, limitOf, locksOf } from './step-context';
import type { StepContext } from './step-context';
import type { CompiledVerb } from './compilers';
import { compileValue } from './values';

/** A runbook that calls itself, or a tower of them, would never end to be compiled. */
const deepestStack = 8;

/** Embeds the runbook that a step names: as a child run, or inlined where its scope is `host`. */
export function compileRunbookStep(context: StepContext, authored: RunbookStep): CompiledVerb | null {
  const { site } = context;
  const found = site.unit.session.surroundings.runbook(authored.runbook);
  if (!found.ok) {
    reportMissing(below(site, 'runbook'), found, authored.runbook);
    return null;
  }
  const runbook = found.value;
  const { stack } = site.unit;
  if (stack.includes(runbook.name) || stack.length >= deepestStack) {
    report(below(site, 'runbook'), {
      code: 'RUNBOOK_CYCLE',
      message: `Cannot embed the runbook "${runbook.name}": ${[...stack, runbook.name].join(' calls ')}`,
      found: runbook.name,
    });
    return null;
  }
  const forHost = runbook.spec.scope === 'host';
  const inBody = site.scope.body !== null;
  if (forHost && inBody) return inlineRunbook(context, authored, runbook);
  if (forHost || inBody) {
    const message = forHost
      ? 'it works on one host of a rollout, and stands outside of one'
      : 'a rollout calls only runbooks with scope: host';
    report(below(site, 'runbook'), {
      code: 'RUNBOOK_SCOPE',
      message: `Cannot embed the runbook "${runbook.name}": ${message}`,
      found: runbook.name,
    });
    return null;
  }
  return embed(context, authored, runbook);
}

function embed(context: StepContext, authored: RunbookStep, runbook: RunbookDocument): CompiledVerb {
  const { site } = context;
  const known: { [input: string]: Json } = {};
  const late: { [input: string]: Value } = {};
  const refused: string[] = [];
  const undecided = new Set<string>();
  for (const [name, raw] of Object.entries(authored.with ?? {})) {
    const value = compileValue(below(site, 'with', name), raw, { secrets: 'allowed' });
    if ('literal' in value) known[name] = value.literal;
    else if ('secret' in value && !isCaptured(value.secret)) known[name] = value.secret;
    else if ('secret' in value || runbook.spec.inputs?.[name]?.type === 'secret') {
      reportLateSecret(below(site, 'with', name), name, value);
      refused.push(name);
    } else {
      late[name] = value;
      if (!site.unit.evaluates && isOfPlan(site, value)) undecided.add(name);
    }
  }
  const at = addressOf(context);
  const program = site.unit.session.compilers.program({
    session: site.unit.session,
    runbook,
    inputs: known,
    evaluates: site.unit.evaluates,
    late: new Set([...Object.keys(late), ...refused]),
    undecided,
    prefix: `${at}>`,
    stack: site.unit.stack,
    givenAt: below(site, 'with'),
  });
  const step = {
    kind: 'runbook',
    program,
    with: late,
    ...acceptedOf(late, runbook.spec.inputs ?? {}),
    undoable: authored.undo !== 'none',
    ...limitOf(context, authored.timeout),
    ...locksOf(context, authored.locks),
    ...commonFields(context, authored, 'runbook'),
  } as const;
  return { step, fields: recordFields('outputs') };
}

/** In a mere check nobody has given the inputs yet; what is made of them alone will be known with the plan. */
function isOfPlan(site: Site, value: Value): boolean {
  return expressionsOf(value).every((source) => check(site, source)?.phase === 'plan');
}

function reportLateSecret(site: Site, name: string, value: Value): void {
  if ('secret' in value)
    report(site, {
      code: 'SECRET_REFUSED',
      message: `Cannot give the captured secret "${name}" to another run: it is kept for this run only`,
    });
  else
    report(site, {
      code: 'LATE_VALUE',
      message: `Cannot give the secret "${name}" here: a reference must be known with the plan`,
    });
}

/** What the values of late inputs must be; they are looked at when they are known. */
function acceptedOf(
  late: { readonly [input: string]: Value },
  declared: Inputs,
): { readonly accepts?: { readonly [input: string]: InputRule } } {
  const accepts = Object.keys(late).flatMap((name) => {
    const input = declared[name];
    return input === undefined ? [] : [[name, ruleOf(input)] as const];
  });
  return accepts.length === 0 ? {} : { accepts: Object.fromEntries(accepts) };
}

/** Without what is not material: a late input has a value, and titles are for people. */
function ruleOf({ title: _title, description: _description, ...rule }: Input): InputRule {
  return rule;
}
