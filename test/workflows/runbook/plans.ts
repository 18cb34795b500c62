import type {
  ApprovalStep,
  GateMetric,
  GroupStep,
  OperationPlan,
  Plan,
  PlanHost,
  PolicyRule,
  Program,
  RolloutStep,
  Step,
  StepCommon,
  TaskStep,
  UndoPlan,
} from '../../../workflows/runbook/plan';
import { program } from '../../support/program';

/** Small plans by hand: just what the compiler would write. */
export const noReads = { names: [], steps: [], hostSteps: [] } as const;

export function common<V extends Step['verb']>(id: string, verb: V): StepCommon & { readonly verb: V } {
  return { at: id, id, verb, onFailure: 'stop', reads: noReads, keep: [] };
}

export function operation(over: Partial<OperationPlan> = {}): OperationPlan {
  return {
    name: 'ssh.exec',
    effect: 'journaled',
    light: false,
    input: { map: { command: { list: [{ literal: 'true' }] } } },
    timeoutMs: 600_000,
    capture: { format: 'text', from: 'stdout', limitBytes: 4096 },
    ...over,
  };
}

export function undoOf(
  id: string,
  after: 'success' | 'started' = 'success',
  where: TaskStep['where'] = { on: 'body' },
): UndoPlan {
  return { kind: 'operation', after, at: `${id}.undo`, operation: operation(), where, reads: noReads };
}

/** On the worker. */
export function task(id: string, over: Partial<TaskStep> = {}): TaskStep {
  return {
    ...common(id, 'uses'),
    kind: 'task',
    operation: operation({ name: 'http.request', effect: 'idempotent' }),
    where: { on: 'worker' },
    retry: { attempts: 1, delayMs: 1000, backoff: 1 },
    ...over,
  };
}

/** In a rollout's body. */
export function body(id: string, over: Partial<TaskStep> = {}): TaskStep {
  return { ...task(id), ...common(id, 'exec'), operation: operation(), where: { on: 'body' }, ...over };
}

export function group(id: string, steps: readonly Step[], over: Partial<GroupStep> = {}): GroupStep {
  return { ...common(id, 'steps'), kind: 'group', steps, ...over };
}

export function rollout(id: string, steps: readonly Step[], over: Partial<RolloutStep> = {}): RolloutStep {
  return {
    ...common(id, 'rollout'),
    kind: 'rollout',
    set: 'web',
    allowEmpty: false,
    waves: [{ percent: 100 }],
    parallel: 10,
    maxFailures: { count: 0 },
    strict: false,
    bakeMs: 0,
    gate: [],
    onHostFailure: 'leave',
    onRolloutFailure: 'stop',
    hostDeadlineMs: 3_600_000,
    steps,
    ...over,
  };
}

export function metric(id: string, over: Partial<GateMetric> = {}): GateMetric {
  return {
    at: `gate.${id}`,
    id,
    operation: operation({ name: 'http.request', effect: 'read', pass: 'result.status == 200' }),
    where: { on: 'worker' },
    noData: 'fail',
    sample: {
      everyMs: 15_000,
      count: 1,
      failureLimit: 0,
      inconclusiveLimit: 0,
      consecutiveErrorLimit: 4,
      consecutiveSuccess: 1,
    },
    reads: noReads,
    ...over,
  };
}

interface ShortPolicy extends Partial<Pick<PolicyRule, 'escalateTo' | 'excludeRequester' | 'silenceMeansConsent'>> {
  readonly approvers?: readonly string[];
  readonly min?: number;
  readonly rejectOn?: number;
}

/** One level of one slot. */
export function policyOf({
  approvers = ['user/anna', 'user/ben', 'user/rehearsal'],
  min = 1,
  rejectOn = 1,
  ...over
}: ShortPolicy = {}): PolicyRule {
  const slot = { id: 'approvers', candidates: approvers, quorum: { mode: 'n', n: min } } as const;
  return {
    name: 'board',
    levels: [{ id: 'approvers', slots: [slot], rejectOn, countsApart: false }],
    validForMs: null,
    leadMs: 0,
    excludeRequester: true,
    silenceMeansConsent: false,
    ...over,
  };
}

export function approval(
  id: string,
  policy: ShortPolicy = {},
  over: Partial<ApprovalStep['approval']> = {},
): ApprovalStep {
  return {
    ...common(id, 'approval'),
    kind: 'approval',
    approval: {
      policy: policyOf(policy),
      title: { literal: `Approve ${id}` },
      show: {},
      due: { ms: 86_400_000 },
      onDue: 'reject',
      onReject: 'fail',
      ...over,
    },
  };
}

export function planOf(steps: readonly Step[], over: Partial<Program> = {}, hostCount = 6): Plan {
  return {
    format: 'mainstay/plan/1',
    planHash: 'hash',
    program: program(steps, over),
    targetSets: { web: { count: hostCount, shards: [] } },
  };
}

export function hosts(count: number): readonly PlanHost[] {
  return Array.from({ length: count }, (_, index) => host(`web${index + 1}`));
}

export function host(name: string): PlanHost {
  return { name, address: '127.0.0.1', port: 22, user: 'deploy', labels: {}, groups: [], vars: {}, steps: {} };
}
