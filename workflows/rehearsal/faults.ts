import { formatDuration } from '../domain/duration';
import type { RunOutcome } from '../domain/step-status';
import { rehearse } from '../rehearsal';
import type { RehearsalRequest, RehearsalResult } from '../rehearsal';
import type { Step, TaskStep } from '../runbook/plan';
import { allSteps } from '../runbook/program';
import { openTasks } from '../runbook/tasks';
import type { Outcome, ScriptedAnswer } from './schema';

/** What can go wrong at one step. */
export const faultNames = [
  'fails',
  'times out',
  'reply lost before the effect',
  'reply lost after the effect',
  'host gone',
  'task unanswered',
] as const;
export type FaultName = (typeof faultNames)[number];

/** One cell of the failure matrix: what becomes of the run when just this goes wrong. */
export interface FaultResult {
  readonly step: string;
  readonly host: string | null;
  readonly fault: FaultName;
  /** Null: the run waits for an answer that the script does not give. */
  readonly outcome: RunOutcome | null;
  readonly degraded: boolean;
  /** The question that is open at the end. */
  readonly waitsFor: string | null;
  readonly undone: readonly string[];
  /** Effects that happened more than once; there must be none. */
  readonly repeated: readonly string[];
}

/** Plays the plan once for each step and fault; everything else goes as the script says. */
export async function faults(request: RehearsalRequest): Promise<readonly FaultResult[]> {
  const results: FaultResult[] = [];
  for (const fault of faultsOf(request)) {
    const { expect: _unwanted, ...script } = request.script;
    const played = await rehearse({
      ...request,
      script: {
        ...script,
        outcomes: [...fault.outcomes, ...(script.outcomes ?? [])],
        answers: fault.answers(script.answers ?? []),
      },
    });
    results.push(resultOf(fault, played));
  }
  return results;
}

interface Fault {
  readonly step: string;
  readonly host: string | null;
  readonly fault: FaultName;
  readonly outcomes: readonly Outcome[];
  readonly answers: (given: readonly ScriptedAnswer[]) => readonly ScriptedAnswer[];
}

function faultsOf(request: RehearsalRequest): readonly Fault[] {
  const { steps, finally: last } = request.plan.program;
  const found: Fault[] = [];
  let set: string | null = null;
  for (const step of allSteps([...steps, ...last])) {
    if (step.kind === 'rollout') set = step.set;
    if (step.kind === 'task') found.push(...faultsOfTask(step, hostOf(step, set, request)));
    else if (step.kind === 'approval' || step.kind === 'manual') found.push(unanswered(step));
  }
  return found;
}

function hostOf({ where }: TaskStep, rolloutSet: string | null, { hosts }: RehearsalRequest): string | null {
  const set = where.on === 'hosts' ? where.set : where.on === 'body' ? rolloutSet : null;
  return set === null ? null : (hosts[set]?.[0]?.name ?? null);
}

function faultsOfTask(step: TaskStep, host: string | null): readonly Fault[] {
  const at = { step: step.id, ...(host === null ? {} : { host }) };
  const tooLong = formatDuration(step.operation.timeoutMs);
  const outcomes: readonly (readonly [FaultName, Outcome])[] = [
    ['fails', { ...at, fail: 'FAULT_INJECTED' }],
    ['times out', { ...at, fail: 'TIMEOUT', takes: tooLong }],
    ['reply lost before the effect', { ...at, lose: 'beforeEffect' }],
    ['reply lost after the effect', { ...at, lose: 'afterEffect' }],
    ...(host === null ? [] : [['host gone', { ...at, fail: 'HOST_GONE', status: 'unknown' as const }] as const]),
  ];
  return outcomes.map(([fault, outcome]) => ({
    step: step.id,
    host,
    fault,
    outcomes: [outcome],
    answers: (given) => given,
  }));
}

function unanswered(step: Step): Fault {
  return {
    step: step.id,
    host: null,
    fault: 'task unanswered',
    outcomes: [],
    answers: (given) => given.filter(({ task }) => task !== step.id && task !== step.kind && task !== '*'),
  };
}

function resultOf({ step, host, fault }: Fault, played: RehearsalResult): FaultResult {
  const [open] = openTasks(played.state);
  return {
    step,
    host,
    fault,
    outcome: played.result?.outcome ?? null,
    degraded: played.state.degraded,
    waitsFor: played.result === null ? (open?.task.title ?? played.problems[0] ?? null) : null,
    undone: played.state.undone,
    repeated: played.applied.filter(({ times }) => times > 1).map(({ key }) => key),
  };
}
