import { parseDuration } from '../../../workflows/domain/duration';
import { certain, inSequence, repeated, sideBySide, stated } from '../../../workflows/domain/estimate';
import type { Estimate } from '../../../workflows/domain/estimate';
import type { RolloutStep, Step, TaskStep } from '../../../workflows/runbook/plan';
import { gateMs, turnsOf, wavesIn } from '../pace';
import { childOf, inside, itemsIn, nothing, pathIn, programSteps, seen, turnsOfTask, unknown, within } from './place';
import type { Place } from './place';

/** A part of a plan as a change sees it go by: a wave of a rollout, or a step at the top. */
export interface EstimatedUnit {
  readonly path: string;
  readonly wave: number | null;
  readonly estimate: Estimate;
}

export function unitsOf(step: Step, place: Place): readonly EstimatedUnit[] {
  const path = pathIn(step, place);
  if (step.kind === 'group' && step.estimateMs === undefined)
    return step.steps.flatMap((inner) => unitsOf(inner, within(step, place)));
  if (step.kind !== 'rollout') return [{ path, wave: null, estimate: ofStep(step, place) }];
  const total = place.bundle.plan.targetSets[step.set]?.count ?? 0;
  const body = bodyOf(step, place);
  return wavesIn(step, place.bundle).map((wave) => {
    const estimate = inSequence([
      repeated(
        body,
        turnsOf(step, wave, () => place.hosts(step.set)),
      ),
      certain(step.bakeMs + gateMs(step.gate) * (wave.index === 1 ? 2 : 1)),
    ]);
    const share = Math.ceil(((step.estimateMs ?? 0) * (wave.end - wave.start)) / Math.max(1, total));
    return { path, wave: wave.index, estimate: knownOr(estimate, step.estimateMs === undefined ? null : share) };
  });
}

/** What an author says of a step as a whole counts where nobody can tell of its parts. */
function knownOr(estimate: Estimate, statedMs: number | null): Estimate {
  return estimate.source !== 'none' || statedMs === null ? estimate : stated(statedMs, 'runbook');
}

function bodyOf(step: RolloutStep, place: Place): Estimate {
  const body = inside(step, place);
  return inSequence(step.steps.map((inner) => ofStep(inner, body)));
}

export function ofStep(step: Step, place: Place): Estimate {
  return knownOr(ofKind(step, place), step.estimateMs ?? null);
}

function ofKind(step: Step, place: Place): Estimate {
  const inner = within(step, place);
  const sequence = (steps: readonly Step[]): Estimate => inSequence(steps.map((each) => ofStep(each, inner)));
  switch (step.kind) {
    case 'task':
      return ofTask(step, place);
    case 'approval':
    case 'manual':
      return unknown;
    case 'wait':
      return ofWait(step.wait);
    case 'assert':
    case 'set':
      return nothing;
    case 'group':
      return sequence(step.steps);
    case 'parallel':
      return sideBySide(step.branches.map((branch) => ofStep(branch, inner)));
    case 'switch':
      return sideBySide([...Object.values(step.cases), step.default ?? []].map(sequence));
    case 'forEach':
      return times(step, sequence(step.steps));
    case 'runbook':
      return inSequence(programSteps(step.program).map((each) => ofStep(each, childOf(step.program, place))));
    case 'rollout':
      return inSequence(unitsOf(step, place).map(({ estimate }) => estimate));
  }
}

function ofTask(step: TaskStep, place: Place): Estimate {
  const { operation, poll, retry } = step;
  const mostMs = Math.max(operation.timeoutMs, poll?.withinMs ?? 0) * retry.attempts;
  return repeated(
    seen(step, place, { phase: 'do', statedMs: step.estimateMs ?? null, mostMs }),
    turnsOfTask(step, place),
  );
}

function ofWait(wait: Extract<Step, { readonly kind: 'wait' }>['wait']): Estimate {
  if (!('for' in wait) || !('literal' in wait.for) || typeof wait.for.literal !== 'string') return unknown;
  const parsed = parseDuration(wait.for.literal);
  return parsed.kind === 'ms' ? certain(parsed.ms) : unknown;
}

function times(step: Extract<Step, { readonly kind: 'forEach' }>, each: Estimate): Estimate {
  const count = itemsIn(step.in);
  return count === null ? unknown : repeated(each, Math.ceil(count / Math.max(1, step.parallel)));
}
