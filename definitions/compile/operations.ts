import type { OperationManifest } from '../../activities/connector';
import { isRepeatable } from '../../workflows/domain/effect-class';
import type { EffectClass } from '../../workflows/domain/effect-class';
import type { CapturePlan, OperationPlan } from '../../workflows/runbook/plan';
import type { ExecProbe, RunProbe, UsesProbe } from '../../workflows/runbook/steps/task/schema';
import type { Value } from '../../workflows/domain/value';
import type { EffectiveDefaults } from './defaults';
import { keepExpression } from './expressions';
import { planMs } from './fields';
import { compileExecInput, compileRunInput, compileWithInput } from './operation-input';
import { below, placed, report, reportMissing, siteOf, withNames } from './site';
import type { Placed, Site } from './site';
import { perHostText } from './targets';

/** `exec`, `run` or `uses`, wherever it stands: a step, its undo or probe, a metric of a gate. */
export type Call = ExecProbe | RunProbe | UsesProbe;

export interface CallContext {
  /** Its address: where decisions per host are kept. */
  readonly at: string;
  /** Key of the hosts that decide `host` in `as` and `connection`; null: there is no host. */
  readonly set: string | null;
  readonly defaults: EffectiveDefaults;
  /** Inherited by an undo whose verb is the same. */
  readonly pass?: Placed<string>;
  readonly effect?: EffectClass;
}

export interface CompiledCall {
  readonly operation: OperationPlan;
  readonly manifest: OperationManifest;
}

/** Kept in a host's row: enough for an expression, and far less than what scripts can print. */
const rowLimitBytes = 4096;
const capturedLimitBytes = 65_536;

export function operationName(call: Call): string {
  switch (call.verb) {
    case 'exec':
      return 'ssh.exec';
    case 'run':
      return 'ssh.run';
    case 'uses':
      return call.uses;
  }
}

/** A default connection is for hosts; the one that a step names is its undo's and its probe's too, also on the worker. */
export function inheritConnection(call: Call, from: Call): Call {
  return call.connection === undefined && from.connection !== undefined
    ? { ...call, connection: from.connection }
    : call;
}

export function findOperation(site: Site, name: string): OperationManifest | null {
  const { catalogue } = site.unit.session.surroundings;
  const [connector = '', operation = ''] = name.split('.');
  const operations = Object.hasOwn(catalogue, connector) ? catalogue[connector]?.operations : undefined;
  const manifest = operations !== undefined && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (manifest !== undefined) return manifest;
  const accepted =
    operations === undefined ? Object.keys(catalogue) : Object.keys(operations).map((known) => `${connector}.${known}`);
  report(site, {
    code: 'UNKNOWN_OPERATION',
    message: `Cannot find the operation "${name}": ${operations === undefined ? 'there is no such connector' : 'the connector has none of this name'}`,
    found: name,
    accepted,
  });
  return null;
}

export function compileCall(site: Site, call: Call, context: CallContext): CompiledCall | null {
  const name = operationName(call);
  const manifest = findOperation(call.verb === 'uses' ? below(site, 'uses') : site, name);
  if (manifest === null) return null;
  const input = compileInput(site, call, { manifest, defaults: context.defaults });
  const effect = call.effect ?? context.effect ?? effectOf(manifest, input);
  const passText = call.pass === undefined ? context.pass : placed(site, call.pass, 'pass');
  const pass =
    passText === undefined ? null : keepExpression(withNames(siteOf(site, passText), 'result'), passText.value);
  const identity = compileIdentity(site, call, { ...context, manifest });
  const operation: OperationPlan = {
    name,
    effect,
    light: manifest.light && isRepeatable(effect),
    input,
    ...identity,
    timeoutMs: timeoutOf(site, call, context.defaults) ?? manifest.timeoutMs,
    ...(pass === null ? {} : { pass }),
    capture: compileCapture(call),
  };
  return { operation, manifest };
}

function compileInput(
  site: Site,
  call: Call,
  context: { readonly manifest: OperationManifest; readonly defaults: EffectiveDefaults },
): Value {
  switch (call.verb) {
    case 'exec':
      return compileExecInput(site, call, context.defaults);
    case 'run':
      return compileRunInput(site, call, context.defaults);
    case 'uses':
      return compileWithInput(below(site, 'with'), call.with ?? {}, context.manifest);
  }
}

function effectOf(manifest: OperationManifest, input: Value): EffectClass {
  if (typeof manifest.effect === 'string') return manifest.effect;
  if ('literal' in input) return manifest.effect(input.literal);
  if (!('map' in input)) return manifest.effect({});
  const literals = Object.entries(input.map).map(
    ([key, value]) => [key, 'literal' in value ? value.literal : null] as const,
  );
  return manifest.effect(Object.fromEntries(literals));
}

function timeoutOf(site: Site, call: Call, defaults: EffectiveDefaults): number | undefined {
  if (call.timeout !== undefined) return planMs(below(site, 'timeout'), call.timeout);
  const { timeout } = defaults;
  return timeout === undefined ? undefined : planMs(siteOf(site, timeout), timeout.value);
}

/** Who does it. `as` means something on hosts only; `login` clears a default. */
function compileIdentity(
  site: Site,
  call: Call,
  context: CallContext & { readonly manifest: OperationManifest },
): { readonly as?: string; readonly connection?: string } {
  const as = call.as === undefined ? context.defaults.as : placed(site, call.as, 'as');
  const connection =
    call.connection === undefined ? context.defaults.connection : placed(site, call.connection, 'connection');
  const onHost = context.manifest.on === 'host';
  const user =
    as === undefined || !onHost
      ? undefined
      : perHostText(site, as, { at: context.at, set: context.set, field: 'as' }).text;
  // A default connection is meant for hosts; a worker's operation takes only its own.
  const usable = connection !== undefined && (onHost || call.connection !== undefined);
  const named = usable
    ? perHostText(site, connection, { at: context.at, set: context.set, field: 'connection' }).text
    : undefined;
  if (named !== undefined && connection !== undefined)
    useConnection(siteOf(site, connection), named, operationName(call));
  return {
    ...(user === undefined || user === 'login' ? {} : { as: user }),
    ...(named === undefined ? {} : { connection: named }),
  };
}

function useConnection(site: Site, name: string, operation: string): void {
  site.unit.used.connections.add(name);
  const found = site.unit.session.surroundings.connection(name);
  if (!found.ok) return reportMissing(site, found, name);
  const [connector = ''] = operation.split('.');
  if (found.value.type !== connector)
    report(site, {
      code: 'CONNECTION_MISMATCH',
      message: `Cannot use the connection "${name}" for ${operation}: its type is ${found.value.type}`,
      found: found.value.type,
      accepted: [connector],
    });
}

export function compileCapture(call: Call): CapturePlan {
  const { capture } = call;
  if (capture === undefined) return { format: 'text', from: 'stdout', limitBytes: rowLimitBytes };
  if (typeof capture === 'string') return { format: capture, from: 'stdout', limitBytes: capturedLimitBytes };
  const { format, from = 'stdout', schema } = capture;
  return { format, from, ...(schema === undefined ? {} : { schema }), limitBytes: capturedLimitBytes };
}
