import type { Json } from '../../workflows/domain/json';
import type { Value } from '../../workflows/domain/value';
import type { RunbookStep } from '../../workflows/runbook/steps/runbook/schema';
import { inlineRunbook } from './inline-runbook';
import { recordFields } from './records';
import type { RunbookDocument } from './session';
import { below, report } from './site';
import { addressOf, commonFields, locksOf } from './step-context';
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
    report(below(site, 'runbook'), {
      code: found.code,
      message: found.message,
      found: authored.runbook,
      ...(found.accepted === undefined ? {} : { accepted: found.accepted }),
    });
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
  for (const [name, raw] of Object.entries(authored.with ?? {})) {
    const value = compileValue(below(site, 'with', name), raw, { secrets: 'allowed' });
    if ('literal' in value) known[name] = value.literal;
    else if ('secret' in value) known[name] = value.secret;
    else if (runbook.spec.inputs?.[name]?.type === 'secret')
      report(below(site, 'with', name), {
        code: 'LATE_VALUE',
        message: `Cannot give the secret "${name}" here: a reference must be known with the plan`,
      });
    else late[name] = value;
  }
  const at = addressOf(context);
  const program = site.unit.session.compilers.program({
    session: site.unit.session,
    runbook,
    inputs: known,
    late: new Set(Object.keys(late)),
    prefix: `${at}>`,
    stack: site.unit.stack,
    givenAt: below(site, 'with'),
  });
  const step = {
    kind: 'runbook',
    program,
    with: late,
    undoable: authored.undo !== 'none',
    ...locksOf(context, authored.locks),
    ...commonFields(context, authored, 'runbook'),
  } as const;
  return { step, fields: recordFields('outputs') };
}
