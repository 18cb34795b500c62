import type { Step } from '../../workflows/runbook/plan';
import type { Step as AuthoredStep } from '../../workflows/runbook/steps/schema';
import { mergeDefaults } from './defaults';
import { keepExpression, soleExpression } from './expressions';
import { planCount } from './fields';
import { recordFields } from './records';
import { below, fresh, report, withNames, withScope } from './site';
import type { Site, VisibleStep } from './site';
import { addressOf, commonFields, dependsOnHost, limitOf, locksOf } from './step-context';
import type { StepContext } from './step-context';
import type { CompiledVerb } from './compilers';
import { compileValue } from './values';

type Authored<V extends AuthoredStep['verb']> = Extract<AuthoredStep, { readonly verb: V }>;

export function compileContainer(
  context: StepContext,
  authored: Authored<'parallel' | 'forEach' | 'switch' | 'steps'>,
): CompiledVerb {
  switch (authored.verb) {
    case 'parallel':
      return compileParallel(context, authored);
    case 'forEach':
      return compileForEach(context, authored);
    case 'switch':
      return compileSwitch(context, authored);
    case 'steps':
      return compileGroup(context, authored);
  }
}

function compileGroup(context: StepContext, authored: Authored<'steps'>): CompiledVerb {
  const { site } = context;
  const defaults = mergeDefaults(context.defaults, authored.defaults, below(site, 'defaults'));
  const inner = site.unit.session.compilers.steps(groupSite(site, authored), authored.steps, {
    defaults,
    parent: addressOf(context),
  });
  const { if: condition, ...common } = commonFields(context, authored, 'steps');
  const own = condition === undefined || condition.perHost ? {} : { if: condition };
  const timeout = limitOf(context, authored.timeout);
  return {
    step: { kind: 'group', steps: inner.steps, ...timeout, ...locksOf(context, authored.locks), ...common, ...own },
    fields: recordFields('plain'),
    visible: inner.visible,
  };
}

/** In a body a group has no row of its own: its steps take over a condition that differs from host to host. */
function groupSite(site: Site, authored: Authored<'steps'>): Site {
  const inner = fresh(below(site, 'steps'));
  const { body } = site.scope;
  if (body === null || authored.if === undefined || !dependsOnHost(below(site, 'if'), authored.if)) return inner;
  const sole = soleExpression(below(site, 'if'), authored.if);
  return sole === null ? inner : withScope(inner, { body: { ...body, conditions: [...body.conditions, sole.source] } });
}

function compileParallel(context: StepContext, authored: Authored<'parallel'>): CompiledVerb {
  const { site } = context;
  const branches: Step[] = [];
  const visible = new Map<string, VisibleStep>(site.scope.steps);
  for (const [index, branch] of authored.parallel.entries()) {
    // Branches do not see each other: none is before another.
    const compiled = site.unit.session.compilers.step(below(site, 'parallel', index), branch, {
      defaults: context.defaults,
      parent: addressOf(context),
      index,
    });
    if (compiled.step !== null) branches.push(compiled.step);
    for (const [id, step] of compiled.visible) visible.set(id, step);
  }
  const step = {
    kind: 'parallel',
    branches,
    ...limitOf(context, authored.timeout),
    ...locksOf(context, authored.locks),
    ...commonFields(context, authored, 'parallel'),
  } as const;
  return { step, fields: recordFields('plain'), visible };
}

function compileSwitch(context: StepContext, authored: Authored<'switch'>): CompiledVerb {
  const { site } = context;
  const on = keepExpression(below(site, 'switch'), authored.switch) ?? 'null';
  const visible = new Map<string, VisibleStep>(site.scope.steps);
  const within = { defaults: context.defaults, parent: addressOf(context) };
  const cases: { [value: string]: readonly Step[] } = {};
  for (const [value, steps] of Object.entries(authored.cases)) {
    const compiled = site.unit.session.compilers.steps(fresh(below(site, 'cases', value)), steps, within);
    cases[value] = compiled.steps;
    for (const [id, step] of compiled.visible) visible.set(id, step);
  }
  const otherwise =
    authored.default === undefined
      ? null
      : site.unit.session.compilers.steps(fresh(below(site, 'default')), authored.default, within);
  for (const [id, step] of otherwise?.visible ?? []) visible.set(id, step);
  const rest = otherwise === null ? {} : { default: otherwise.steps };
  return {
    step: {
      kind: 'switch',
      on,
      cases,
      ...rest,
      ...limitOf(context, authored.timeout),
      ...locksOf(context, authored.locks),
      ...commonFields(context, authored, 'switch'),
    },
    fields: recordFields('plain'),
    visible,
  };
}

function compileForEach(context: StepContext, authored: Authored<'forEach'>): CompiledVerb {
  const { site } = context;
  const { forEach } = authored;
  const at = below(site, 'forEach');
  const as = forEach.as ?? 'item';
  if (site.scope.names.has(as))
    report(below(at, 'as'), {
      code: 'RESERVED_ID',
      message: `Cannot name the item "${as}": the name means something here already`,
      found: as,
    });
  const items = compileValue(below(at, 'in'), forEach.in, { secrets: 'refused' });
  const key = forEach.key === undefined ? null : keepExpression(withNames(below(at, 'key'), as, 'index'), forEach.key);
  const inner = site.unit.session.compilers.steps(withNames(fresh(below(site, 'steps')), as, 'index'), authored.steps, {
    defaults: context.defaults,
    parent: addressOf(context),
  });
  const parallel = forEach.parallel === undefined ? 1 : (planCount(below(at, 'parallel'), forEach.parallel, 1) ?? 1);
  const maxFailures =
    forEach.maxFailures === undefined ? 0 : (planCount(below(at, 'maxFailures'), forEach.maxFailures) ?? 0);
  const common = commonFields(context, authored, 'forEach');
  const names = common.reads.names.filter((name) => name !== as && name !== 'index');
  return {
    step: {
      kind: 'forEach',
      in: items,
      as,
      ...(key === null ? {} : { key }),
      parallel,
      maxFailures,
      steps: inner.steps,
      ...limitOf(context, authored.timeout),
      ...locksOf(context, authored.locks),
      ...common,
      reads: { ...common.reads, names },
    },
    fields: recordFields('counts'),
  };
}
