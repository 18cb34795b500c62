import type { Json, JsonObject } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { parseTemplate } from '../../workflows/domain/template';
import type { Value } from '../../workflows/domain/value';
import type { ConcurrencyPlan, ConnectionPlan, Program } from '../../workflows/runbook/plan';
import type { Step as AuthoredStep } from '../../workflows/runbook/steps/schema';
import { mergeDefaults, noDefaults } from './defaults';
import { check, evaluate, soleExpression } from './expressions';
import { isPlanPhase, planCount, planMs, planText } from './fields';
import { isSecretReference, parseInputs } from './inputs';
import { withKeep } from './keep';
import { fieldsRead, materialValue, sourcesIn } from './material-values';
import type { ProgramRequest } from './compilers';
import { below, fresh, ReadsCollector, report, withScope } from './site';
import type { LexicalScope, Site, Unit, VisibleStep } from './site';
import { compileSteps } from './steps';
import { compileLocks } from './targets';
import { compileValue } from './values';

export function compileProgram(request: ProgramRequest): Program {
  const { runbook } = request;
  const { unit, site } = openUnit(request);
  const { spec } = runbook;
  const within = {
    defaults: mergeDefaults(noDefaults, spec.defaults, below(site, 'defaults')),
    parent: request.prefix,
  };
  const { names: locks } = compileLocks(site, spec.locks, { at: `${request.prefix}run`, set: null });
  const main = compileSteps(below(site, 'steps'), spec.steps, within);
  const closing = compileSteps(withScope(below(site, 'finally'), { steps: main.visible }), spec.finally ?? [], within);
  const outputs = compileOutputs(withScope(below(site, 'outputs'), { steps: closing.visible }), spec.outputs);
  const timeoutMs = spec.timeout === undefined ? undefined : planMs(below(site, 'timeout'), spec.timeout);
  const concurrency = compileConcurrency(below(site, 'concurrency'), spec.concurrency);
  const { name, version, title, owner, digest } = runbook;
  return {
    definition: { name, version, title, owner, digest },
    inputs: materialInputs(unit),
    vars: usedVars(unit),
    ...(unit.used.inventory ? { inventory: snapshot(unit) } : {}),
    secrets: Object.fromEntries(unit.secrets),
    connections: usedConnections(site),
    onFailure: spec.onFailure ?? 'stop',
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(concurrency === null ? {} : { concurrency }),
    locks,
    steps: withKeep(main.steps, unit.used.fields),
    finally: withKeep(closing.steps, unit.used.fields),
    outputs,
  };
}

function openUnit(request: ProgramRequest): { readonly unit: Unit; readonly site: Site } {
  const { session, runbook } = request;
  const { spec } = runbook;
  const inputs = readInputs(request);
  const secretInputs = new Map<string, string>();
  for (const [name, input] of Object.entries(spec.inputs ?? {})) {
    const value = inputs[name];
    if (input.type === 'secret') secretInputs.set(name, typeof value === 'string' ? value : '');
  }
  const base: Unit = {
    session,
    name: runbook.name,
    owner: runbook.owner,
    spec,
    read: fieldsRead(spec),
    prefix: request.prefix,
    inputs,
    late: request.late,
    secretInputs,
    secrets: new Map(),
    vars: {},
    ids: new Set([...idsOf(spec.steps), ...idsOf(spec.finally ?? [])]),
    stack: [...request.stack, runbook.name],
    used: { vars: new Set(), connections: new Set(), fields: new Map(), inventory: false },
  };
  const site: Site = {
    unit: base,
    document: runbook.document,
    path: ['spec'],
    scope: rootScope(request),
    reads: new ReadsCollector(),
  };
  const unit: Unit = { ...base, vars: evaluateVars(below(site, 'vars'), spec.vars ?? {}) };
  const whole = { ...site, unit };
  compileSecrets(below(whole, 'secrets'), spec.secrets ?? {});
  return { unit, site: whole };
}

/** A runbook for one host is looked at as what it is: a part of some rollout's body, of hosts that are not known. */
function rootScope({ session, runbook }: ProgramRequest): LexicalScope {
  const steps = new Map<string, VisibleStep>();
  if (runbook.spec.scope !== 'host') return { steps, names: new Set(), body: null };
  return {
    steps,
    names: new Set(['host', 'delegate', 'wave']),
    body: { set: session.sets.define([]), hosts: [], conditions: [] },
  };
}

function readInputs(request: ProgramRequest): JsonObject {
  const { session, runbook, inputs, late, givenAt } = request;
  if (!session.evaluates && givenAt === null) return {};
  const { inventory } = session;
  const findHost = inventory === null ? null : (name: string): Json | null => inventory.hostViews.get(name) ?? null;
  const parsed = parseInputs(inputs, { declared: runbook.spec.inputs ?? {}, findHost, late });
  for (const { code, message, input, accepted } of parsed.problems) {
    const place =
      givenAt === null
        ? { document: runbook.document, path: ['spec', 'inputs', input] }
        : { document: givenAt.document, path: [...givenAt.path, input] };
    // A check does not know the parent's values, and so not whether they fit.
    if (session.evaluates || code !== 'INVALID_INPUT')
      session.problems.add({ code, message, ...place, found: input, ...(accepted === undefined ? {} : { accepted }) });
  }
  return parsed.values;
}

/** Variables may use each other, in any order but a circle. */
function evaluateVars(site: Site, vars: { readonly [name: string]: Json }): JsonObject {
  const unknown: JsonObject = Object.fromEntries(Object.keys(vars).map((name) => [name, null]));
  let known: JsonObject = unknown;
  const waiting = new Map(Object.entries(vars));
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, raw]) => varsNamed(raw).every((name) => !waiting.has(name)));
    if (ready.length === 0) {
      for (const name of waiting.keys())
        report(below(site, name), {
          code: 'VARIABLE_CYCLE',
          message: `Cannot evaluate the variable "${name}": it depends on itself`,
          found: name,
        });
      return known;
    }
    for (const [name, raw] of ready) {
      const here: Site = { ...below(site, name), unit: { ...site.unit, vars: known }, scope: { ...site.scope } };
      known = { ...known, [name]: evaluateVar(here, raw) ?? null };
      waiting.delete(name);
    }
  }
  return known;
}

function evaluateVar(site: Site, raw: Json): Json | undefined {
  if (isList(raw)) return raw.map((item, index) => evaluateVar(below(site, index), item) ?? null);
  if (isObject(raw))
    return Object.fromEntries(
      Object.entries(raw).map(([key, member]) => [key, evaluateVar(below(site, key), member) ?? null]),
    );
  if (typeof raw !== 'string' || !raw.includes('${{')) return raw;
  const parsed = parseTemplate(raw);
  const alone = parsed.ok && parsed.parts.length === 1;
  if (!alone) return planText(site, raw)?.text;
  const [part] = parsed.parts;
  if (part === undefined || 'text' in part) return part?.text;
  const sole = soleExpression(site, raw);
  const checked = sole === null ? null : check(site, sole.source, sole.offset);
  return checked !== null && isPlanPhase(site, checked) ? evaluate(site, checked.source) : undefined;
}

function varsNamed(raw: Json): readonly string[] {
  const names: string[] = [];
  for (const source of sourcesIn(raw))
    for (const match of source.matchAll(/\bvars\.([A-Za-z][A-Za-z0-9]*)/g))
      if (match[1] !== undefined) names.push(match[1]);
  return names;
}

/** A reference is a literal, a variable without inputs in it, or a whole input of type secret. */
function compileSecrets(site: Site, secrets: { readonly [name: string]: string }): void {
  const { unit } = site;
  for (const [name, raw] of Object.entries(secrets)) {
    const at = below(site, name);
    const input = /^\$\{\{\s*inputs\.([A-Za-z][A-Za-z0-9]*)\s*\}\}$/.exec(raw)?.[1];
    const fromInput = input === undefined ? undefined : unit.secretInputs.get(input);
    const reference = fromInput ?? secretText(at, raw);
    if (reference === undefined) continue;
    if (fromInput === undefined && !isSecretReference(reference))
      report(at, {
        code: 'INVALID_SECRET_REFERENCE',
        message: 'Cannot use the secret: expected a reference such as vault:ops/api#token, env:NAME or file:/path',
        accepted: ['vault:<path>#<field>', 'env:<NAME>', 'file:<path>'],
      });
    unit.secrets.set(name, reference);
  }
}

function secretText(site: Site, raw: string): string | undefined {
  if (/\binputs\b/.test(raw) && raw.includes('${{')) {
    report(site, {
      code: 'INVALID_SECRET_REFERENCE',
      message:
        'Cannot build a secret reference from an input: whoever starts the run would choose the secret; use a whole input of type secret',
    });
    return undefined;
  }
  const text = planText(site, raw);
  return text?.text ?? (site.unit.session.evaluates ? undefined : 'env:UNKNOWN');
}

function compileOutputs(site: Site, outputs: Unit['spec']['outputs']): { readonly [name: string]: Value } {
  const compiled = Object.entries(outputs ?? {}).map(([name, output]) => {
    const typed = isObject(output) && 'value' in output;
    const at = typed ? below(site, name, 'value') : below(site, name);
    return [name, compileValue(fresh(at), typed ? (output['value'] ?? null) : output, { secrets: 'refused' })] as const;
  });
  return Object.fromEntries(compiled);
}

function compileConcurrency(site: Site, concurrency: Unit['spec']['concurrency']): ConcurrencyPlan | null {
  if (concurrency === undefined) return null;
  const key = planText(below(site, 'key'), concurrency.key)?.text;
  const limit = concurrency.limit === undefined ? 1 : (planCount(below(site, 'limit'), concurrency.limit) ?? 1);
  return key === undefined ? null : { key, limit, onConflict: concurrency.onConflict ?? 'wait' };
}

function idsOf(steps: readonly AuthoredStep[]): readonly string[] {
  const found: string[] = [];
  for (const text of JSON.stringify(steps).matchAll(/"id":"([a-z][A-Za-z0-9]*)"/g))
    if (text[1] !== undefined) found.push(text[1]);
  return found;
}

function materialInputs(unit: Unit): JsonObject {
  const declared = unit.spec.inputs ?? {};
  const members = Object.entries(unit.inputs).map(
    ([name, value]) =>
      [
        name,
        declared[name]?.type === 'host' ? materialValue(value, unit.session.inventory, unit.read) : value,
      ] as const,
  );
  return Object.fromEntries(members);
}

function usedVars(unit: Unit): JsonObject {
  const names = Object.keys(unit.vars).filter((name) => unit.used.vars.has(name));
  return Object.fromEntries(
    names.map((name) => [name, materialValue(unit.vars[name] ?? null, unit.session.inventory, unit.read)]),
  );
}

function snapshot(unit: Unit): Json {
  const { inventory } = unit.session;
  return inventory === null ? null : materialValue(inventory.view, inventory, unit.read);
}

/** Connections that the steps name, and those of every host of the plan. */
function usedConnections(site: Site): { readonly [name: string]: ConnectionPlan } {
  const { session, used } = site.unit;
  const names = new Set(used.connections);
  for (const host of session.sets.names()) {
    const connection = session.inventory?.hosts.get(host)?.connection;
    if (connection !== undefined) names.add(connection);
  }
  const found: { [name: string]: ConnectionPlan } = {};
  for (const name of [...names].sort()) {
    const resolved = session.surroundings.connection(name);
    if (resolved.ok) found[name] = resolved.value;
    else
      report(site, {
        code: resolved.code,
        message: resolved.message,
        found: name,
        ...(resolved.accepted === undefined ? {} : { accepted: resolved.accepted }),
      });
  }
  return found;
}
