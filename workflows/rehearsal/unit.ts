import { stepPath } from '../domain/effect-path';
import { evaluateExpression } from '../domain/expression';
import type { Failure } from '../domain/failure';
import type { HostRow } from '../domain/journal';
import { isJsonObject } from '../domain/json-shape';
import type { JsonObject } from '../domain/json';
import type { Observed } from '../domain/outcome';
import { renderArguments, renderValue, textOf } from '../domain/render';
import type { Scope, Value } from '../domain/value';
import type { OperationCall } from '../effects';
import type { OperationPlan, PlanHost } from '../runbook/plan';
import type { PlannedCall } from './planned';

/** One place where a step is carried out. */
export interface Unit {
  readonly host: PlanHost | null;
  readonly delegate: PlanHost | null;
  readonly path: string;
}

export function timedOut({ timeoutMs }: OperationPlan): Failure {
  return { code: 'TIMEOUT', message: `Cannot finish the step: ${timeoutMs} ms have passed` };
}

export const expired: Failure = { code: 'POLL_EXPIRED', message: 'Cannot see the step pass in time' };

export function keyOf(
  request: { readonly runId: string; readonly generation: number; readonly phase: string },
  unit: Unit,
): string {
  return `${request.runId}/${unit.path}@${request.generation}/${request.phase}`;
}

/** The step's id stands before the place holders of a batch; a gate's sample has its metric's. */
export function idOf(template: string, unit: Unit): string {
  const parts = stepPath(template).split('/');
  const gate = parts.find((part) => part.startsWith('gate:'));
  return gate === undefined ? (parts.at(-1) ?? unit.path) : gate.slice('gate:'.length);
}

export function namesOf({ name, address, labels, groups, vars }: PlanHost): JsonObject {
  return { name, address, labels, groups, vars };
}

export function rowOf(
  call: OperationCall,
  unit: Unit,
  about: { judged: Partial<HostRow>; now: number; takesMs: number },
): HostRow {
  const { request } = call;
  const { judged, now, takesMs } = about;
  return {
    path: unit.path,
    step: stepPath(request.path),
    host: unit.host?.name ?? '',
    delegate: unit.delegate?.name ?? null,
    phase: request.phase,
    generation: request.generation,
    status: judged.status ?? 'succeeded',
    changed: judged.changed ?? false,
    exitCode: judged.exitCode ?? null,
    startedAt: now,
    endedAt: now + takesMs,
    durationMs: takesMs,
    error: judged.error ?? null,
    captured: judged.captured ?? {},
    output: null,
  };
}

/** `assert` and `set` over the values of one host. */
export function inWorker(
  step: Extract<PlannedCall['step'], { kind: 'assert' | 'set' }>,
  scope: Scope,
): Partial<HostRow> {
  if (step.kind === 'set') {
    const outputs = renderValue({ map: step.values }, scope, (reference) => reference);
    return outputs.ok ? { captured: { outputs: outputs.value } } : { status: 'failed', error: outputs.failure };
  }
  for (const { expression, message } of step.that) {
    const held = evaluateExpression(expression, scope);
    if (!held.ok) return { status: 'failed', error: held.failure };
    if (held.value === true) continue;
    const words = message === undefined ? null : renderValue(message, scope, (reference) => reference);
    const text = words?.ok === true ? textOf(words.value) : null;
    return {
      status: 'failed',
      error: { code: 'ASSERTION_FAILED', message: text ?? `Cannot go on: "${expression}" does not hold` },
    };
  }
  return {};
}

/** What the worker would refuse before it sends anything. */
export function renderProblem(operation: OperationPlan, scope: Scope): Failure | null {
  const { input } = operation;
  const command: Value | undefined = operation.name === 'ssh.exec' && 'map' in input ? input.map['command'] : undefined;
  const argv = command === undefined ? null : renderArguments(command, scope, (reference) => reference);
  if (argv !== null && !argv.ok) return argv.failure;
  const { command: _rendered, ...others } = 'map' in input ? input.map : {};
  const rest = renderValue(command === undefined ? input : { map: others }, scope, (reference) => reference);
  return rest.ok ? null : rest.failure;
}

/** Operations of `core` are what they say; the script may still say otherwise. */
export function builtIn(
  operation: OperationPlan,
  scope: Scope,
): { observed: Observed; takesMs: number; applied: boolean } | null {
  if (operation.name !== 'core.echo') return null;
  const input = renderValue(operation.input, scope, (reference) => reference);
  const result = input.ok && isJsonObject(input.value) ? input.value : {};
  return { observed: { status: 'succeeded', result, changed: false }, takesMs: 0, applied: false };
}
