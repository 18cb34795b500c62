import { defaultWaves } from '../../workflows/domain/waves';
import { formatDuration } from '../../workflows/domain/duration';
import { isList } from '../../workflows/domain/json-values';
import type { FailureLimit, GateMetric, SamplePlan, Step, WaveSize } from '../../workflows/runbook/plan';
import type { RolloutSpec, RolloutStep } from '../../workflows/runbook/steps/rollout/schema';
import type { Metric } from '../../workflows/runbook/steps/task/schema';
import { rolloutHost } from './aggregates';
import { mergeDefaults } from './defaults';
import type { EffectiveDefaults } from './defaults';
import { compileDomains } from './domains';
import { keepExpression } from './expressions';
import { planCount, planCountOrPercent, planExpression, planMs } from './fields';
import { compileCall } from './operations';
import { lookBackMs } from './metric-window';
import { recordFields } from './records';
import { compileRedundancy } from './redundancy';
import { below, fresh, placed, report, withNames, withScope } from './site';
import type { Site } from './site';
import { addressOf, commonFields, limitOf, locksOf } from './step-context';
import type { StepContext } from './step-context';
import type { CompiledVerb } from './compilers';
import { compileTargets } from './targets';
import { compileWhere, hostSet, targetsOf } from './where';

/** A body gets ten minutes per host, or what its steps may take together where that is more. */
const leastHostDeadlineMs = 600_000;

export function compileRollout(context: StepContext, authored: RolloutStep): CompiledVerb | null {
  const { site } = context;
  const { rollout } = authored;
  const at = below(site, 'rollout');
  const allowEmpty = rollout.allowEmpty ?? false;
  const domains = compileDomains(below(at, 'domain'), rollout.domain);
  const targets = compileTargets(at, placed(at, rollout.targets, 'targets'), { allowEmpty, order: domains.order });
  if (targets === null) return null;
  const defaults = mergeDefaults(context.defaults, authored.defaults, below(site, 'defaults'));
  const body = { set: targets.set, hosts: targets.hosts, conditions: [] };
  const bodySite = withNames(withScope(fresh(below(site, 'steps')), { body }), 'host', 'delegate', 'wave');
  const inner = site.unit.session.compilers.steps(bodySite, authored.steps, { defaults, parent: addressOf(context) });
  const pace = compilePace(at, rollout);
  const gates = compileGates(context, rollout);
  refuseLookingBack(below(at, 'gate'), gates.gate, pace.bakeMs);
  return {
    step: {
      kind: 'rollout',
      set: targets.set,
      ...(targets.only === undefined ? {} : { only: targets.only }),
      // What --limit leaves out is not there to fail.
      allowEmpty: allowEmpty || site.unit.session.limit !== null,
      ...pace,
      ...domains.domainsOf(targets.hosts),
      strict: rollout.strict ?? false,
      ...gates,
      onHostFailure: rollout.onHostFailure ?? 'leave',
      onRolloutFailure: rollout.onFailure ?? 'pause',
      hostDeadlineMs: hostDeadline(at, rollout, inner.steps),
      ...compileRedundancy(below(at, 'targets'), { at: addressOf(context), ...targets }, inner.steps),
      steps: inner.steps,
      ...limitOf(context, authored.timeout),
      ...locksOf(context, authored.locks),
      ...commonFields(context, authored, 'rollout'),
    },
    fields: [...recordFields('many'), 'exceptions'],
    hosts: rolloutHost(inner.visible),
  };
}

function compilePace(
  site: Site,
  rollout: RolloutSpec,
): {
  readonly waves: readonly WaveSize[];
  readonly parallel: number;
  readonly maxFailures: FailureLimit;
  readonly bakeMs: number;
} {
  return {
    waves: compileWaves(below(site, 'waves'), rollout.waves),
    parallel: rollout.parallel === undefined ? 10 : (planCount(below(site, 'parallel'), rollout.parallel, 1) ?? 10),
    maxFailures:
      rollout.maxFailures === undefined
        ? { count: 0 }
        : (planCountOrPercent(below(site, 'maxFailures'), rollout.maxFailures) ?? { count: 0 }),
    bakeMs: rollout.bake === undefined ? 0 : (planMs(below(site, 'bake'), rollout.bake) ?? 0),
  };
}

/** Cumulative, rising, and the last is everything. */
function compileWaves(site: Site, waves: RolloutSpec['waves']): readonly WaveSize[] {
  const everything: readonly WaveSize[] = [{ percent: 100 }];
  if (waves === undefined) return defaultWaves;
  const list = typeof waves === 'string' ? planExpression(site, waves) : waves;
  if (list === undefined) return everything;
  if (!isList(list)) {
    report(site, { code: 'INVALID_COUNT', message: 'Cannot use the waves: expected a list of counts and percentages' });
    return everything;
  }
  const sizes = list.flatMap((wave, index) => planCountOrPercent(below(site, index), wave) ?? []);
  const last = sizes.at(-1);
  const rising = sizes.every((size, index) => isAbove(size, sizes[index - 1]));
  if (rising && last !== undefined && 'percent' in last && last.percent === 100) return sizes;
  if (sizes.length === list.length)
    report(site, {
      code: 'WAVES_NOT_RISING',
      message: 'Cannot use the waves: they are cumulative, each larger than the one before, and the last is 100%',
    });
  return everything;
}

/** A count and a percentage can only be compared once the number of hosts is known. */
function isAbove(size: WaveSize, before: WaveSize | undefined): boolean {
  const [now, earlier] = [amount(size), before === undefined ? 0 : amount(before)];
  const comparable = before === undefined || 'percent' in size === 'percent' in before;
  return comparable ? now > earlier : now > 0;
}

function amount(size: WaveSize): number {
  return 'percent' in size ? size.percent : size.count;
}

function hostDeadline(site: Site, rollout: RolloutSpec, steps: readonly Step[]): number {
  const own =
    rollout.hostDeadline === undefined ? undefined : planMs(below(site, 'hostDeadline'), rollout.hostDeadline);
  return own ?? Math.max(leastHostDeadlineMs, longest(steps));
}

function longest(steps: readonly Step[]): number {
  let total = 0;
  for (const step of steps) {
    if (step.kind === 'task') total += Math.max(step.operation.timeoutMs, step.poll?.withinMs ?? 0);
    if (step.kind === 'group') total += step.timeoutMs ?? longest(step.steps);
  }
  return total;
}

function compileGates(
  context: StepContext,
  rollout: RolloutSpec,
): { readonly gate: readonly GateMetric[]; readonly undoGate?: readonly GateMetric[] } {
  const site = withNames(below(context.site, 'rollout'), 'wave');
  const at = addressOf(context);
  const gate = compileMetrics(below(site, 'gate'), rollout.gate ?? [], {
    prefix: `${at}#`,
    defaults: context.defaults,
  });
  if (rollout.undoGate === undefined) return { gate };
  return {
    gate,
    undoGate: compileMetrics(below(site, 'undoGate'), rollout.undoGate, {
      prefix: `${at}!undo#`,
      defaults: context.defaults,
    }),
  };
}

/** R-ROLL-5: what was measured before the change says nothing about it. */
function refuseLookingBack(site: Site, gate: readonly GateMetric[], bakeMs: number): void {
  for (const [index, metric] of gate.entries()) {
    const windowMs = lookBackMs(metric);
    if (windowMs !== null && windowMs > bakeMs)
      report(below(below(site, index), 'with'), {
        code: 'METRIC_WINDOW_TOO_LONG',
        message: `Cannot judge a wave by "${metric.id}": it looks back ${formatDuration(windowMs)}, and the wave is watched for ${formatDuration(bakeMs)}`,
      });
  }
}

interface MetricContext {
  readonly prefix: string;
  readonly defaults: EffectiveDefaults;
}

function compileMetrics(site: Site, metrics: readonly Metric[], context: MetricContext): readonly GateMetric[] {
  return metrics.flatMap(
    (metric, index) => compileMetric(fresh(below(site, index)), metric, { ...context, index }) ?? [],
  );
}

function compileMetric(
  site: Site,
  metric: Metric,
  { prefix, defaults, index }: MetricContext & { readonly index: number },
): GateMetric | null {
  const id = metric.id ?? `${metric.verb}${index + 1}`;
  const at = `${prefix}${id}`;
  const where = compileWhere(site, metric, { at, targets: targetsOf(metric, defaults, site) });
  if (where === null) return null;
  const call = compileCall(site, metric, { at, set: hostSet(site, where), defaults, effect: 'read' });
  if (call === null) return null;
  const fail = metric.fail === undefined ? null : keepExpression(withNames(below(site, 'fail'), 'result'), metric.fail);
  return {
    at,
    id,
    operation: call.operation,
    where,
    ...(fail === null ? {} : { fail }),
    noData: metric.noData ?? 'fail',
    sample: compileSample(below(site, 'sample'), metric.sample),
    reads: site.reads.result(),
  };
}

function compileSample(site: Site, sample: Metric['sample']): SamplePlan {
  const {
    every,
    count = 1,
    failureLimit = 0,
    inconclusiveLimit = 0,
    consecutiveErrorLimit = 4,
    consecutiveSuccess = 1,
  } = sample ?? {};
  const everyMs = every === undefined ? 15_000 : (planMs(below(site, 'every'), every) ?? 15_000);
  return { everyMs, count, failureLimit, inconclusiveLimit, consecutiveErrorLimit, consecutiveSuccess };
}
