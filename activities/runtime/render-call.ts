import type { Failure } from '../../workflows/domain/failure';
import { renderArguments, renderInput, renderValue, secretReferences } from '../../workflows/domain/render';
import type { Rendered, ResolveSecret } from '../../workflows/domain/render';
import type { JsonObject, Json } from '../../workflows/domain/json';
import { parseCaptured } from '../../workflows/domain/secret-reference';
import type { Scope, SecretReference, Value } from '../../workflows/domain/value';
import type { ConnectionPlan, OperationPlan, PlanHost } from '../../workflows/runbook/plan';
import { SecretError } from '../../platform/secrets';
import type { ConnectionSettings, OperationManifest, TargetHost } from '../connector';
import type { Batch, Unit } from './batch';
import { openCaptured } from './captured-secrets';
import { hostStep } from './plan-index';

/** Everything an operation is called with, secrets filled in. It is never stored. */
export interface RenderedCall {
  readonly input: JsonObject;
  readonly host: TargetHost | null;
  readonly connection: ConnectionSettings | null;
  /** Every secret that went into it. */
  readonly secrets: readonly string[];
}

export type RenderedCallResult =
  { readonly ok: true; readonly call: RenderedCall } | { readonly ok: false; readonly failure: Failure };

interface Asked {
  readonly operation: OperationPlan;
  readonly unit: Unit;
  readonly scope: Scope;
}

/** Evaluates, resolves and fills in, at the last moment before the call. */
export async function renderCall(batch: Batch, asked: Asked): Promise<RenderedCallResult> {
  const place = placeOf(batch, asked);
  if (!place.ok) return place;
  const { host, name, plan } = place;
  const references = [
    ...secretReferences(asked.operation.input),
    ...Object.values(plan?.settings ?? {}).flatMap((value) => secretReferences(value)),
    ...(host?.become?.password === undefined ? [] : [host.become.password]),
  ];
  const resolved = await resolveAll(batch, asked.unit, references);
  if (!resolved.ok) return resolved;
  const secrets: ResolveSecret = (reference) => resolved.values.get(reference) ?? '';
  const input = renderOperationInput(batch, asked, secrets);
  if (!input.ok) return input;
  const settings = renderSettings(plan, asked.scope, secrets);
  if (!settings.ok) return settings;
  const connection = plan === null ? null : { name, type: plan.type, settings: settings.value };
  return {
    ok: true,
    call: {
      input: input.value,
      host: host === null ? null : targetHost(batch, { host, asked, secrets }),
      connection,
      secrets: [...resolved.values.values()],
    },
  };
}

function manifestOf(batch: Batch, operation: string): OperationManifest | undefined {
  const [connector = '', name = ''] = operation.split('.');
  return batch.deps.catalogue[connector]?.operations[name];
}

type Place =
  | {
      readonly ok: true;
      readonly host: PlanHost | null;
      readonly name: string;
      readonly plan: ConnectionPlan | null;
    }
  | { readonly ok: false; readonly failure: Failure };

/** Where it happens: work of the worker has a host only in its names. */
function placeOf(batch: Batch, { operation, unit }: Asked): Place {
  const onHost = manifestOf(batch, operation.name)?.on === 'host';
  const host = onHost ? (unit.delegate ?? unit.host) : null;
  if (onHost && host === null) {
    const message = `Cannot perform "${operation.name}": it needs a host and the step has none`;
    return { ok: false, failure: { code: 'OPERATION_NEEDS_HOST', message } };
  }
  const chosen = unit.host === null ? undefined : hostStep(unit.host, batch.call).connection;
  const name = chosen ?? operation.connection ?? host?.connection ?? '';
  const plan = batch.call.program.connections[name];
  if (name !== '' && plan === undefined) {
    const message = `Cannot use the connection "${name}": the plan does not hold it`;
    return { ok: false, failure: { code: 'CONNECTION_MISSING', message } };
  }
  return { ok: true, host, name, plan: plan ?? null };
}

type Resolved =
  | { readonly ok: true; readonly values: ReadonlyMap<SecretReference, string> }
  | { readonly ok: false; readonly failure: Failure };

async function resolveAll(batch: Batch, unit: Unit, references: readonly SecretReference[]): Promise<Resolved> {
  const values = new Map<SecretReference, string>();
  try {
    for (const reference of new Set(references)) {
      const captured = parseCaptured(reference);
      const value =
        captured === null
          ? (await batch.deps.secrets.resolve(reference, batch.call.program.definition.owner)).reveal()
          : await openCaptured(batch, unit, captured);
      values.set(reference, value);
    }
    return { ok: true, values };
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    return { ok: false, failure: { code: error.code, message: error.message } };
  }
}

/** The arguments of `exec` are a list of their own kind: elements may expand, and may not turn into options. */
function renderOperationInput(batch: Batch, { operation, scope }: Asked, secrets: ResolveSecret): Rendered<JsonObject> {
  const formats = manifestOf(batch, operation.name)?.formats ?? {};
  const { input } = operation;
  const command = operation.name === 'ssh.exec' && 'map' in input ? input.map['command'] : undefined;
  if (command === undefined || !('map' in input)) return renderInput(input, formats, { scope, secrets });
  const argv = renderArguments(command, scope, secrets);
  if (!argv.ok) return argv;
  return renderInput({ map: { ...input.map, command: { literal: argv.value } } }, formats, { scope, secrets });
}

function renderSettings(plan: ConnectionPlan | null, scope: Scope, secrets: ResolveSecret): Rendered<JsonObject> {
  const settings: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries<Value>(plan?.settings ?? {})) {
    const rendered = renderValue(value, scope, secrets);
    if (!rendered.ok) return rendered;
    settings[name] = rendered.value;
  }
  return { ok: true, value: settings };
}

function targetHost(
  batch: Batch,
  { host, asked, secrets }: { readonly host: PlanHost; readonly asked: Asked; readonly secrets: ResolveSecret },
): TargetHost {
  const decided = asked.unit.host === null ? undefined : hostStep(asked.unit.host, batch.call).as;
  const as = decided ?? asked.operation.as;
  const password = host.become?.password;
  return {
    name: host.name,
    address: host.address,
    port: host.port,
    user: host.user,
    ...(host.hostKey === undefined ? {} : { hostKey: host.hostKey }),
    ...(host.jobDir === undefined ? {} : { jobDir: host.jobDir }),
    jobDirVolatile: host.jobDirVolatile ?? false,
    ...(as === undefined ? {} : { as }),
    become: {
      method: 'sudo',
      ...host.become,
      ...(password === undefined ? {} : { passwordValue: secrets(password) }),
    },
  };
}
