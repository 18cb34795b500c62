import { certain, inSequence, repeated, sideBySide, stated } from '../../../workflows/domain/estimate';
import type { Estimate } from '../../../workflows/domain/estimate';
import type { RolloutStep, Step, TaskStep } from '../../../workflows/runbook/plan';
import { gateMs, turnsOf, wavesIn } from '../pace';
import { ofStep } from './forward';
import { childOf, inside, itemsIn, programSteps, seen, turnsOfTask, unknown, within } from './place';
import type { Place } from './place';

/** Null: there is nothing to take back. Everything goes back one after the other. */
export function undoOf(step: Step, place: Place): Estimate | null {
  const inner = within(step, place);
  switch (step.kind) {
    case 'task':
      return undoOfTask(step, place);
    case 'group':
      return undoOfAll(step.steps, inner);
    case 'parallel':
      return undoOfAll(step.branches, inner);
    case 'switch':
      return longest([...Object.values(step.cases), step.default ?? []].map((steps) => undoOfAll(steps, inner)));
    case 'forEach': {
      const each = undoOfAll(step.steps, inner);
      return each === null ? null : repeatedItems(step, each);
    }
    case 'runbook':
      return step.undoable ? undoOfAll(programSteps(step.program), childOf(step.program, place)) : null;
    case 'rollout':
      return undoOfRollout(step, place);
    case 'approval':
    case 'manual':
    case 'wait':
    case 'assert':
    case 'set':
      return null;
  }
}

function repeatedItems(step: Extract<Step, { readonly kind: 'forEach' }>, each: Estimate): Estimate {
  const count = itemsIn(step.in);
  return count === null ? unknown : repeated(each, count);
}

function undoOfAll(steps: readonly Step[], place: Place): Estimate | null {
  const known = steps.flatMap((step) => undoOf(step, place) ?? []);
  return known.length === 0 ? null : inSequence(known);
}

function longest(estimates: readonly (Estimate | null)[]): Estimate | null {
  const known = estimates.filter((estimate) => estimate !== null);
  return known.length === 0 ? null : sideBySide(known);
}

function undoOfTask(step: TaskStep, place: Place): Estimate | null {
  const { undo, operation } = step;
  if (undo === undefined || undo.kind === 'none' || operation.effect === 'read') return null;
  const statedMs = undo.estimateMs ?? null;
  const turns = turnsOfTask(step, place);
  if (undo.kind === 'operation')
    return repeated(seen(step, place, { phase: 'undo', statedMs, mostMs: undo.operation.timeoutMs }), turns);
  const leaves = undo.steps.map((inner) =>
    inner.kind === 'task'
      ? seen(inner, within(step, place), { phase: 'undo', statedMs: null, mostMs: inner.operation.timeoutMs })
      : ofStep(inner, within(step, place)),
  );
  const whole = inSequence(leaves);
  return repeated(whole.source === 'none' && statedMs !== null ? stated(statedMs, 'runbook') : whole, turns);
}

/** In the same groups as it went; its gate is measured once. */
function undoOfRollout(step: RolloutStep, place: Place): Estimate | null {
  const body = undoOfAll(step.steps, inside(step, place));
  if (body === null) return null;
  const turns = wavesIn(step, place.bundle).reduce(
    (sum, wave) => sum + turnsOf(step, wave, () => place.hosts(step.set)),
    0,
  );
  return inSequence([repeated(body, turns), certain(gateMs(step.undoGate ?? step.gate))]);
}
