import { evaluateExpression } from '../../workflows/domain/expression';
import type { Json } from '../../workflows/domain/json';
import { renderValue } from '../../workflows/domain/render';
import type { Scope, Value } from '../../workflows/domain/value';
import type { AssertStep, SetStep } from '../../workflows/runbook/plan';
import { failedBefore, skipped } from './unit-outcome';
import type { UnitOutcome } from './unit-outcome';

/** `assert` and `set` over the values of one host: nothing is touched. */
export function outcomeOfAssert(step: AssertStep, scope: Scope): UnitOutcome {
  for (const { expression, message } of step.that) {
    const holds = evaluateExpression(expression, scope);
    if (!holds.ok) return failedBefore(holds.failure);
    if (holds.value === true) continue;
    return failedBefore({ code: 'ASSERTION_FAILED', message: messageOf(expression, message, scope) });
  }
  return { ...skipped(), status: 'succeeded' };
}

export function outcomeOfSet(step: SetStep, scope: Scope): UnitOutcome {
  const outputs: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(step.values)) {
    const rendered = renderValue(value, scope, keepReference);
    if (!rendered.ok) return failedBefore(rendered.failure);
    outputs[name] = rendered.value;
  }
  return { ...skipped(), status: 'succeeded', captured: { outputs } };
}

function messageOf(expression: string, message: Value | undefined, scope: Scope): string {
  const rendered = message === undefined ? null : renderValue(message, scope, keepReference);
  if (rendered?.ok === true && typeof rendered.value === 'string') return rendered.value;
  return `Cannot go on: "${expression}" does not hold`;
}

/** Secrets are refused here by the compiler; a reference is all that could ever show. */
function keepReference(reference: string): string {
  return reference;
}
