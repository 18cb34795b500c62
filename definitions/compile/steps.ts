import type { Step } from '../../workflows/runbook/plan';
import type { Step as AuthoredStep } from '../../workflows/runbook/steps/schema';
import type { CompiledStep, CompiledSteps, CompiledVerb, Within } from './compilers';
import { compileContainer } from './containers';
import { keepExpression } from './expressions';
import { planMs } from './fields';
import { compileApproval, compileManual } from './people';
import { recordFields } from './records';
import { compileRollout } from './rollout';
import { compileRunbookStep } from './runbook-step';
import { below, fresh, report, withNames, withScope } from './site';
import type { Site, VisibleStep } from './site';
import { addressOf, commonFields } from './step-context';
import type { StepContext } from './step-context';
import { compileTask } from './task';
import { compileValue } from './values';

/** Steps one after another: each sees those before it. */
export function compileSteps(site: Site, authored: readonly AuthoredStep[], within: Within): CompiledSteps {
  const steps: Step[] = [];
  let { steps: visible } = site.scope;
  for (const [index, step] of authored.entries()) {
    const compiled = compileStep(withScope(below(site, index), { steps: visible }), step, { ...within, index });
    if (compiled.step !== null) steps.push(compiled.step);
    visible = compiled.visible;
  }
  return { steps, visible };
}

export function compileStep(
  outer: Site,
  authored: AuthoredStep,
  within: Within & { readonly index: number },
): CompiledStep {
  const site = fresh(outer);
  const id = stepId(site, authored, within.index);
  const context: StepContext = { site, defaults: within.defaults, parent: within.parent, id };
  const compiled = compileVerb(context, authored);
  const inBody = site.scope.body !== null;
  const known = compiled?.visible ?? site.scope.steps;
  const hosts = compiled?.hosts === undefined ? {} : { hosts: compiled.hosts };
  const seen: VisibleStep = { inBody, fields: compiled?.fields ?? null, secret: compiled?.secret ?? false, ...hosts };
  const visible = new Map([...known, [id, seen]]);
  if (compiled === null) return { step: null, visible };
  const { step } = compiled;
  const noReturn = compileNoReturn(site, authored);
  const rescue = compileRescue(context, authored, visible);
  // `reads` is taken once more: the point of no return belongs to the step.
  const whole: Step = {
    ...step,
    ...noReturn,
    ...(rescue === null ? {} : { rescue: rescue.steps }),
    reads: site.reads.result(),
  };
  return { step: whole, visible: rescue === null ? visible : rescue.visible };
}

function compileVerb(context: StepContext, authored: AuthoredStep): CompiledVerb | null {
  switch (authored.verb) {
    case 'exec':
    case 'run':
    case 'uses':
      return compileTask(context, authored);
    case 'approval':
      return compileApprovalStep(context, authored);
    case 'manual':
      return {
        step: {
          kind: 'manual',
          ...compileManual(below(context.site, 'manual'), authored.manual),
          ...commonFields(context, authored, 'manual'),
        },
        fields: recordFields('task'),
      };
    case 'wait':
      return compileWaitStep(context, authored);
    case 'assert':
      return compileAssertStep(context, authored);
    case 'set':
      return compileSetStep(context, authored);
    case 'runbook':
      return compileRunbookStep(context, authored);
    case 'rollout':
      return compileRollout(context, authored);
    case 'parallel':
    case 'forEach':
    case 'switch':
    case 'steps':
      return compileContainer(context, authored);
  }
}

type Authored<V extends AuthoredStep['verb']> = Extract<AuthoredStep, { readonly verb: V }>;

function compileApprovalStep(context: StepContext, authored: Authored<'approval'>): CompiledVerb | null {
  const approval = compileApproval(below(context.site, 'approval'), authored.approval);
  if (approval === null) return null;
  return {
    step: { kind: 'approval', approval, ...commonFields(context, authored, 'approval') },
    fields: recordFields('task'),
  };
}

function compileAssertStep(context: StepContext, authored: Authored<'assert'>): CompiledVerb {
  const { site } = context;
  const list = Array.isArray(authored.assert) ? authored.assert : [authored.assert];
  const that = list.flatMap((assertion, index) => {
    const at = Array.isArray(authored.assert) ? below(site, 'assert', index) : below(site, 'assert');
    const expression = keepExpression(below(at, 'that'), assertion.that);
    if (expression === null) return [];
    const message =
      assertion.message === undefined
        ? {}
        : { message: compileValue(below(at, 'message'), assertion.message, { secrets: 'refused' }) };
    return [{ expression, ...message }];
  });
  return {
    step: { kind: 'assert', that, perHost: site.scope.body !== null, ...commonFields(context, authored, 'assert') },
    fields: recordFields('plain'),
  };
}

function compileSetStep(context: StepContext, authored: Authored<'set'>): CompiledVerb {
  const { site } = context;
  const values = Object.entries(authored.set).map(
    ([name, raw]) => [name, compileValue(below(site, 'set', name), raw, { secrets: 'refused' })] as const,
  );
  return {
    step: {
      kind: 'set',
      values: Object.fromEntries(values),
      perHost: site.scope.body !== null,
      ...commonFields(context, authored, 'set'),
    },
    fields: recordFields('outputs'),
  };
}

function compileWaitStep(context: StepContext, authored: Authored<'wait'>): CompiledVerb {
  const site = below(context.site, 'wait');
  const { wait } = authored;
  const common = (): ReturnType<typeof commonFields> => commonFields(context, authored, 'wait');
  switch (wait.verb) {
    case 'for': {
      const value = compileValue(below(site, 'for'), wait.for, { secrets: 'refused' });
      if ('literal' in value && value.literal !== null)
        planMs(below(site, 'for'), typeof value.literal === 'string' ? value.literal : JSON.stringify(value.literal));
      return { step: { kind: 'wait', wait: { for: value }, ...common() }, fields: recordFields('plain') };
    }
    case 'until':
      return {
        step: {
          kind: 'wait',
          wait: { until: compileValue(below(site, 'until'), wait.until, { secrets: 'refused' }) },
          ...common(),
        },
        fields: recordFields('plain'),
      };
    case 'window':
      return { step: { kind: 'wait', wait: { window: wait.window }, ...common() }, fields: recordFields('plain') };
    case 'event': {
      const at = below(site, 'event');
      const { name, where, since = 'step', due, onDue = 'fail' } = wait.event;
      const condition = where === undefined ? null : keepExpression(withNames(below(at, 'where'), 'event'), where);
      const dueMs = due === undefined ? undefined : planMs(below(at, 'due'), due);
      const event = {
        event: name,
        ...(condition === null ? {} : { where: condition }),
        since,
        ...(dueMs === undefined ? {} : { dueMs }),
        onDue,
      };
      return { step: { kind: 'wait', wait: event, ...common() }, fields: recordFields('event') };
    }
  }
}

function compileNoReturn(site: Site, authored: AuthoredStep): Pick<Step, 'pointOfNoReturn'> {
  if (!('pointOfNoReturn' in authored) || authored.pointOfNoReturn === undefined) return {};
  const approval = compileApproval(below(site, 'pointOfNoReturn', 'approval'), authored.pointOfNoReturn.approval);
  return approval === null ? {} : { pointOfNoReturn: approval };
}

function compileRescue(
  context: StepContext,
  authored: AuthoredStep,
  visible: ReadonlyMap<string, VisibleStep>,
): CompiledSteps | null {
  if (authored.rescue === undefined) return null;
  const site = withNames(withScope(fresh(below(context.site, 'rescue')), { steps: visible }), 'error');
  return compileSteps(site, authored.rescue, { defaults: context.defaults, parent: addressOf(context) });
}

/** A step without an id is named by its verb and its place; the author's own ids win. */
function stepId(site: Site, authored: AuthoredStep, index: number): string {
  if (authored.id === undefined) return `${authored.verb}${index + 1}`;
  if (site.scope.steps.has(authored.id))
    report(below(site, 'id'), {
      code: 'DUPLICATE_ID',
      message: `Cannot use the id "${authored.id}" twice`,
      found: authored.id,
    });
  return authored.id;
}
