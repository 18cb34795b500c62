import { plannedWaves } from '../workflows/domain/waves';
import type { EffectClass } from '../workflows/domain/effect-class';
import type { Json } from '../workflows/domain/json';
import type {
  ApprovalSpec,
  Due,
  GateMetric,
  RolloutStep,
  Step,
  TaskStep,
  UndoPlan,
  Where,
} from '../workflows/runbook/plan';
import type { Estimate } from '../workflows/domain/estimate';
import { predict } from './plan-view/duration';
import type { Prediction } from './plan-view/duration';
import { estimatePlan } from './plan-view/estimate';
import type { EstimateSources } from './plan-view/estimate/place';
import { hostNames } from './plan-view/hosts';
import type { PlanWithBlobs } from './plan-view/hosts';
import { policyText } from './plan-view/policy';
import { commandText, conditionText, estimateText, spanText, valueText } from './plan-view/text';

/** A plan as people read it before they approve it; also the JSON that `plan --json` prints. */
export interface PlanDescription {
  readonly planHash: string;
  readonly definition: {
    readonly name: string;
    readonly version: string;
    readonly title: string;
    readonly owner: string;
  };
  readonly inputs: { readonly [name: string]: Json };
  readonly onFailure: string;
  readonly locks: readonly string[];
  readonly hostCount: number;
  /** Teams that are asked, with the members that they have now (who may vote is asked when the vote comes); null: not known here. */
  readonly teams: { readonly [team: string]: readonly string[] | null };
  readonly prediction: Prediction;
  /** By what earlier runs took. */
  readonly estimate: EstimateDescription;
  readonly steps: readonly StepDescription[];
  readonly finally: readonly StepDescription[];
}

export interface EstimateDescription {
  readonly forward: Estimate;
  readonly backOut: Estimate;
}

export interface StepDescription {
  readonly at: string;
  readonly id: string;
  readonly verb: string;
  readonly name: string | null;
  /** What is done, in the author's words or rendered: `apt-get install -y -- nginx=1.24.0`. */
  readonly does: readonly string[];
  readonly effect: EffectClass | null;
  readonly as: string | null;
  readonly where: string | null;
  readonly condition: string | null;
  readonly locks: readonly string[];
  /** `null`: it has none; `['none']`: on purpose. */
  readonly undo: readonly string[] | null;
  readonly waves: readonly WaveDescription[];
  readonly gate: readonly string[];
  readonly policy: string | null;
  /** Who is asked: people and teams. */
  readonly asks: readonly string[];
  readonly details: readonly string[];
  readonly steps: readonly { readonly label: string; readonly steps: readonly StepDescription[] }[];
}

export interface WaveDescription {
  readonly index: number;
  readonly count: number;
  readonly hosts: readonly string[];
  /** The failure domain of all its hosts, where the rollout keeps domains apart. */
  readonly domain: string | null;
}

/** Members of teams by reference, `team/web`, as far as they are known. */
export type TeamMembers = ReadonlyMap<string, readonly string[]>;

/** `historyOf`: what runs of a definition took. */
export function describePlan(
  bundle: PlanWithBlobs,
  members: TeamMembers = new Map(),
  historyOf: EstimateSources['historyOf'] = () => new Map(),
): PlanDescription {
  const { program, planHash, targetSets } = bundle.plan;
  const { name, version, title, owner } = program.definition;
  const { forward, backOut, steps: timed } = estimatePlan(bundle, { historyOf });
  const times = new Map(timed.map(({ step, estimate }) => [step, estimate]));
  const describe = (step: Step): StepDescription => withTimes(describeStep(bundle, step), times);
  const steps = program.steps.map(describe);
  const cleanup = program.finally.map(describe);
  const teams = [...new Set([...steps, ...cleanup].flatMap(everybodyAsked))].filter((who) => who.startsWith('team/'));
  return {
    planHash,
    definition: { name, version, title, owner },
    inputs: program.inputs,
    onFailure: program.onFailure,
    locks: program.locks,
    hostCount: new Set(Object.keys(targetSets).flatMap((set) => hostNames(bundle, set))).size,
    teams: Object.fromEntries(teams.map((team) => [team, members.get(team) ?? null])),
    prediction: predict(bundle.plan),
    estimate: { forward, backOut },
    steps,
    finally: cleanup,
  };
}

/** Beside what the step does: how long it takes once, on one group of hosts. */
function withTimes(step: StepDescription, times: ReadonlyMap<string, Estimate>): StepDescription {
  const estimate = times.get(step.at);
  const takes = estimate === undefined || estimate.source === 'none' ? [] : [`takes ${estimateText(estimate)}`];
  const steps = step.steps.map(({ label, steps: inner }) => ({
    label,
    steps: inner.map((each) => withTimes(each, times)),
  }));
  return { ...step, details: [...step.details, ...takes], steps };
}

function everybodyAsked({ asks, steps }: StepDescription): readonly string[] {
  return [...asks, ...steps.flatMap((inner) => inner.steps.flatMap(everybodyAsked))];
}

function describeStep(bundle: PlanWithBlobs, step: Step): StepDescription {
  const { at, id, verb, name = null, locks = [] } = step;
  const none = {
    does: [],
    effect: null,
    as: null,
    where: null,
    undo: null,
    waves: [],
    gate: [],
    policy: null,
    asks: [],
    details: [],
    steps: [],
  };
  const own = describeKind(bundle, step);
  const rescue =
    step.rescue === undefined
      ? []
      : [{ label: 'rescue', steps: step.rescue.map((inner) => describeStep(bundle, inner)) }];
  const noReturn =
    step.pointOfNoReturn === undefined
      ? []
      : [`point of no return, after approval by ${policyText(step.pointOfNoReturn)}`];
  return {
    at,
    id,
    verb,
    name,
    ...none,
    ...own,
    asks: [...(step.pointOfNoReturn === undefined ? [] : askedBy(step.pointOfNoReturn)), ...(own.asks ?? [])],
    condition: step.if === undefined ? null : conditionText(step.if.expression),
    locks,
    details: [
      ...noReturn,
      ...(own.details ?? []),
      ...(step.onFailure === 'stop' ? [] : [`on failure: ${step.onFailure}`]),
    ],
    steps: [...(own.steps ?? []), ...rescue],
  };
}

function describeKind(bundle: PlanWithBlobs, step: Step): Partial<StepDescription> {
  const inner = (steps: readonly Step[]): readonly StepDescription[] => steps.map((one) => describeStep(bundle, one));
  switch (step.kind) {
    case 'task':
      return describeTask(bundle, step);
    case 'rollout':
      return describeRollout(bundle, step);
    case 'approval':
      return {
        does: [valueText(step.approval.title)],
        policy: policyText(step.approval),
        asks: askedBy(step.approval),
        details: [dueText(step.approval.due, step.approval.onDue), `on reject: ${step.approval.onReject}`],
      };
    case 'manual':
      return {
        does: [valueText(step.title)],
        asks: step.assignees,
        policy: `${step.assignees.join(', ')} choose ${step.options.join(' | ')}`,
        details: [dueText(step.due, step.onDue)],
      };
    case 'wait':
      return { does: [waitText(step.wait)] };
    case 'assert':
      return { does: step.that.map(({ expression }) => conditionText(expression)) };
    case 'set':
      return { does: Object.entries(step.values).map(([name, value]) => `${name} = ${valueText(value)}`) };
    case 'runbook':
      return {
        does: [`runbook ${step.program.definition.name}@${step.program.definition.version}`],
        steps: [{ label: 'steps', steps: inner(step.program.steps) }],
        ...(step.undoable ? {} : { undo: ['none'] }),
      };
    case 'group':
      return { steps: [{ label: 'steps', steps: inner(step.steps) }] };
    case 'parallel':
      return { steps: [{ label: 'side by side', steps: inner(step.branches) }] };
    case 'forEach':
      return {
        does: [`for each ${step.as} in ${valueText(step.in)}, ${step.parallel} at a time`],
        steps: [{ label: 'steps', steps: inner(step.steps) }],
      };
    case 'switch':
      return {
        does: [`on ${conditionText(step.on)}`],
        steps: [
          ...Object.entries(step.cases).map(([value, steps]) => ({ label: `case ${value}`, steps: inner(steps) })),
          ...(step.default === undefined ? [] : [{ label: 'otherwise', steps: inner(step.default) }]),
        ],
      };
  }
}

function describeTask(bundle: PlanWithBlobs, step: TaskStep): Partial<StepDescription> {
  const { operation, retry, poll } = step;
  const details = [
    ...(operation.pass === undefined ? [] : [`passes if ${conditionText(operation.pass)}`]),
    ...(retry.attempts > 1 ? [`up to ${retry.attempts} attempts`] : []),
    ...(poll === undefined
      ? []
      : [
          `repeated every ${spanText(poll.everyMs)} for ${spanText(poll.withinMs)} until it passes ${poll.consecutive} times`,
        ]),
    ...(step.probe === undefined ? [] : [`skipped if it passes: ${commandText(step.probe).join(' ')}`]),
  ];
  return {
    does: commandText(operation),
    effect: operation.effect,
    as: operation.as ?? null,
    where: whereText(bundle, step.where),
    undo: undoText(bundle, step.undo),
    details,
  };
}

function describeRollout(bundle: PlanWithBlobs, step: RolloutStep): Partial<StepDescription> {
  const names = hostNames(bundle, step.set);
  const waves = plannedWaves(step, names.length).map((wave) => ({
    index: wave.index,
    domain: wave.domain ?? null,
    count: wave.end - wave.start,
    hosts: names.slice(wave.start, wave.end),
  }));
  const limit = 'percent' in step.maxFailures ? `${step.maxFailures.percent}%` : String(step.maxFailures.count);
  return {
    does: [`${names.length} hosts in ${waves.length} waves, ${step.parallel} at a time`],
    waves,
    gate: step.gate.map(gateText),
    details: [
      `up to ${limit} failed hosts are tolerated${step.strict ? ', strictly' : ''}, then: ${step.onRolloutFailure}`,
      `a failed host is ${step.onHostFailure === 'undo' ? 'undone' : 'left as it is'}`,
      ...Object.entries(step.redundancy ?? {}).map(
        ([group, limit]) => `at most ${limit} of the redundancy group ${group} out of service at once, over all runs`,
      ),
      ...(step.bakeMs > 0 ? [`${spanText(step.bakeMs)} of watching after each wave`] : []),
      ...(step.only === undefined ? [] : [`only ${conditionText(step.only)}`]),
    ],
    steps: [{ label: 'on each host', steps: step.steps.map((inner) => describeStep(bundle, inner)) }],
  };
}

function whereText(bundle: PlanWithBlobs, where: Where): string | null {
  switch (where.on) {
    case 'worker':
      return 'worker';
    case 'hosts': {
      const names = hostNames(bundle, where.set);
      return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
    }
    case 'body':
      return where.delegate === undefined
        ? null
        : `on ${hostNames(bundle, where.delegate.set).slice(0, 8).join(', ')} for the host`;
  }
}

function undoText(bundle: PlanWithBlobs, undo: UndoPlan | undefined): readonly string[] | null {
  if (undo === undefined) return null;
  switch (undo.kind) {
    case 'none':
      return ['none'];
    case 'operation':
      return commandText(undo.operation);
    case 'steps':
      return undo.steps.flatMap((step) => describeStep(bundle, step).does);
  }
}

function gateText(metric: GateMetric): string {
  const { sample, operation } = metric;
  const rule = operation.pass === undefined ? '' : ` passes if ${conditionText(operation.pass)}`;
  const failures = sample.failureLimit > 0 ? `, at most ${sample.failureLimit} failing` : '';
  return `${metric.id}: ${commandText(operation).join(' ')}${rule}; ${sample.count} samples every ${spanText(sample.everyMs)}${failures}`;
}

function askedBy({ policy }: ApprovalSpec): readonly string[] {
  return [...new Set(policy.levels.flatMap(({ slots }) => slots.flatMap(({ candidates }) => candidates)))];
}

function dueText(due: Due, onDue: string): string {
  return `due in ${'ms' in due ? spanText(due.ms) : `${due.days} days (${due.zone})`}, then: ${onDue}`;
}

function waitText(wait: Extract<Step, { readonly kind: 'wait' }>['wait']): string {
  if ('for' in wait) return `for ${valueText(wait.for)}`;
  if ('until' in wait) return `until ${valueText(wait.until)}`;
  if ('window' in wait) return `until the calendar ${wait.window} is open`;
  return `for the event ${wait.event}${wait.where === undefined ? '' : ` where ${conditionText(wait.where)}`}`;
}
