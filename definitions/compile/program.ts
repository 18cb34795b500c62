import { parseInputs } from '../../workflows/domain/inputs';
import type { Json, JsonObject } from '../../workflows/domain/json';
import type { ConcurrencyPlan, ConnectionPlan, Program } from '../../workflows/runbook/plan';
import type { Step as AuthoredStep } from '../../workflows/runbook/steps/schema';
import { stepSites } from '../lint/step-sites';
import { mergeDefaults, noDefaults } from './defaults';
import { planCount, planMs, planText } from './fields';

import { withKeep } from './keep';
import { matchesInTime } from '../pattern';
import { asJson } from '../plan-hash';
import { fieldsRead, materialValue, sourcesIn } from './material-values';
import type { ProgramRequest } from './compilers';
import { compileOutputs } from './outputs';
import { compileSecrets } from './secrets';
import { below, ReadsCollector, report, reportMissing, withScope } from './site';
import type { LexicalScope, Site, Unit, VisibleStep } from './site';
import { compileSteps } from './steps';
import { compileLocks } from './targets';
import type { CompileProblem } from './problems';
import { evaluateVariables } from './variables';
import type { Known } from './variables';

export function compileProgram(request: ProgramRequest): Program {
  const { runbook } = request;
  const { unit, site } = openUnit(request);
  const { spec } = runbook;
  const within = {
    defaults: mergeDefaults(noDefaults, spec.defaults, below(site, 'defaults')),
    parent: request.prefix,
  };
  const { names: locks } = compileLocks(site, spec.locks, { at: `${request.prefix}run`, set: null });
  const isTooLong = reportTooLong(below(site, 'steps'), spec);
  const main = compileSteps(below(site, 'steps'), isTooLong ? [] : spec.steps, within);
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
    ...outputs,
  };
}

/** A program of more steps would be larger than a plan may be, whatever they are. */
const stepLimit = 2_000;

function reportTooLong(site: Site, spec: Unit['spec']): boolean {
  const count = stepSites(spec).length;
  if (count <= stepLimit) return false;
  report(site, {
    code: 'PLAN_TOO_LARGE',
    message: `Cannot make a plan of ${count} steps: it would be too large, at most ${stepLimit}`,
  });
  return true;
}

function openUnit(request: ProgramRequest): { readonly unit: Unit; readonly site: Site } {
  const { session, runbook } = request;
  const { spec } = runbook;
  const read = readInputs(request);
  const inputs = read.values;
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
    evaluates: request.evaluates && read.fine && hasInventory(request),
    inputs,
    late: new Set([...request.late].filter((name) => request.undecided?.has(name) !== true)),
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
  const vars = evaluateVariables(below(site, 'vars'), spec.vars ?? {});
  const unit: Unit = { ...base, vars: vars.values, evaluates: base.evaluates && vars.fine };
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

function readInputs(request: ProgramRequest): Known {
  const { session, runbook, inputs, late, givenAt, evaluates } = request;
  if (!evaluates && givenAt === null) return { values: {}, fine: true };
  const { inventory } = session;
  const findHost = inventory === null ? null : (name: string): Json | null => inventory.hostViews.get(name) ?? null;
  const parsed = parseInputs(inputs, { declared: runbook.spec.inputs ?? {}, findHost, late, matches: matchesInTime });
  for (const { code, message, input, accepted } of parsed.problems) {
    const place =
      givenAt === null
        ? { document: runbook.document, path: ['spec', 'inputs', input] }
        : { document: givenAt.document, path: [...givenAt.path, input] };
    // A check does not know the parent's values, and so not whether they fit.
    if (evaluates || code !== 'INVALID_INPUT')
      session.problems.add({ code, message, ...place, found: input, ...(accepted === undefined ? {} : { accepted }) });
  }
  return { values: parsed.values, fine: parsed.problems.length === 0 };
}

/** Without one, a runbook that reads it is only looked at. */
function hasInventory({ session, runbook, evaluates }: ProgramRequest): boolean {
  if (session.inventory !== null) return true;
  const reads = sourcesIn(asJson(runbook.spec)).some((source) => /\binventory\b/.test(source));
  if (reads && evaluates) session.problems.add(missingInventory(runbook.document));
  return !reads;
}

export function missingInventory(document: string): CompileProblem {
  const message = 'Cannot plan without an inventory: the runbook works on hosts';
  return { code: 'MISSING_INVENTORY', message, document, path: ['spec'] };
}

function compileConcurrency(site: Site, concurrency: Unit['spec']['concurrency']): ConcurrencyPlan | null {
  if (concurrency === undefined) return null;
  const key = planText(below(site, 'key'), concurrency.key)?.text;
  const limit = concurrency.limit === undefined ? 1 : (planCount(below(site, 'limit'), concurrency.limit, 1) ?? 1);
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
    // Those that steps name are told where they are named.
    else if (!used.connections.has(name)) reportMissing(site, resolved, name);
  }
  return found;
}
