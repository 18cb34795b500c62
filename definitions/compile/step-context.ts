import type { Condition, StepCommon, TimeLimited, Verb } from '../../workflows/runbook/plan';
import type { Step as AuthoredStep } from '../../workflows/runbook/steps/schema';
import type { EffectiveDefaults } from './defaults';
import { keepExpression } from './expressions';
import { planMs } from './fields';
import { below, fresh } from './site';
import { compileLocks } from './targets';
import type { Site } from './site';

/** What a step is compiled in: its place, what it inherits, and how it is addressed. */
export interface StepContext {
  readonly site: Site;
  readonly defaults: EffectiveDefaults;
  /** Address of the container, empty for the runbook itself. */
  readonly parent: string;
  readonly id: string;
}

export function addressOf(context: StepContext): string {
  return addressBelow(context.parent, context.id);
}

export function addressBelow(parent: string, id: string): string {
  return parent === '' || parent.endsWith('>') ? `${parent}${id}` : `${parent}.${id}`;
}

/** How long a step that holds others may take as a whole. */
export function limitOf({ site }: StepContext, timeout: string | undefined): TimeLimited {
  const timeoutMs = timeout === undefined ? undefined : planMs(below(site, 'timeout'), timeout);
  return timeoutMs === undefined ? {} : { timeoutMs };
}

type CommonFields = Pick<AuthoredStep, 'name' | 'onFailure' | 'estimate' | 'if'>;

/** Fields of every step. `reads` is final once the step's own expressions are compiled, so this comes last. */
export function commonFields(
  context: StepContext,
  step: CommonFields,
  verb: Verb,
): Omit<StepCommon, 'rescue' | 'locks' | 'hostLocks' | 'pointOfNoReturn'> {
  const { site } = context;
  const estimateMs = step.estimate === undefined ? undefined : planMs(below(site, 'estimate'), step.estimate);
  const condition = compileCondition(site, step.if);
  return {
    at: addressOf(context),
    id: context.id,
    ...(step.name === undefined ? {} : { name: step.name }),
    verb,
    ...(condition === null ? {} : { if: condition }),
    onFailure: step.onFailure ?? 'stop',
    ...(estimateMs === undefined ? {} : { estimateMs }),
    reads: site.reads.result(),
    keep: [],
  };
}

/** The step's own condition, together with the per-host ones of the groups around it in a rollout's body. */
function compileCondition(site: Site, text: string | undefined): Condition | null {
  const inherited = site.scope.body?.conditions ?? [];
  const own = text === undefined ? null : keepExpression(below(site, 'if'), text);
  for (const expression of inherited) keepExpression(site, `\${{ ${expression} }}`);
  const all = own === null ? inherited : [...inherited, own];
  const [only, ...others] = all;
  if (only === undefined) return null;
  const expression = others.length === 0 ? only : all.map((part) => `(${part})`).join(' && ');
  return { expression, perHost: dependsOnHost(site, text) || inherited.length > 0 };
}

/** On several hosts, what reads the host or the results of the body's own steps differs from host to host. */
export function dependsOnHost(site: Site, text: string | undefined): boolean {
  if (text === undefined || !site.scope.names.has('host')) return false;
  const probe = fresh(site);
  keepExpression(probe, text);
  return probe.reads.hostSteps.size > 0 || probe.reads.names.has('host') || probe.reads.names.has('delegate');
}

export function locksOf(
  context: StepContext,
  authored: readonly string[] | undefined,
): Pick<StepCommon, 'locks' | 'hostLocks'> {
  const set = context.site.scope.body?.set ?? null;
  return lockFields(compileLocks(context.site, authored, { at: addressOf(context), set }));
}

export function lockFields(locks: ReturnType<typeof compileLocks>): Pick<StepCommon, 'locks' | 'hostLocks'> {
  return {
    ...(locks.names.length === 0 ? {} : { locks: locks.names }),
    ...(locks.perHost ? { hostLocks: true } : {}),
  };
}
