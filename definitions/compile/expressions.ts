import { checkExpression, evaluateExpression } from '../../workflows/domain/expression';
import type { FieldType, NameTypes } from '../../workflows/domain/expression-problems';
import { fieldsUnder, pathsOf, selects } from '../../workflows/domain/expression-syntax';
import type { NamePath, Syntax } from '../../workflows/domain/expression-syntax';
import type { Json } from '../../workflows/domain/json';
import { parseTemplate } from '../../workflows/domain/template';
import type { Expression, Scope } from '../../workflows/domain/value';
import type { Input } from '../../workflows/runbook/inputs/schema';
import { hostReads } from './aggregates';
import type { HostRead } from './aggregates';
import { isOutput } from './records';
import { report, withScope } from './site';
import type { LexicalScope, Site, Unit } from './site';

/** When an expression can be decided: with the plan, with the plan for each host, or while the run goes on. */
export type Phase = 'plan' | 'host' | 'run';

export interface CheckedExpression {
  readonly source: Expression;
  readonly phase: Phase;
  readonly paths: readonly NamePath[];
}

const hostFields = ['name', 'address', 'port', 'user', 'labels', 'groups', 'vars', 'steps'];
const runFields = ['id', 'number', 'requester', 'startedAt', 'outcome'];

/** Checks an expression where it stands; problems are reported, and null is returned for them. */
export function check(site: Site, source: string, offset = 0): CheckedExpression | null {
  const secret = /^secrets\.([A-Za-z][A-Za-z0-9]*)$/.exec(source);
  if (secret !== null) return refuseSecret(site, offset);
  const checked = checkExpression(source, typesAt(site));
  if (!checked.ok) {
    if (checked.problem.found === 'secrets') return refuseSecret(site, offset);
    report(site, { ...checked.problem, offset: offset + checked.problem.offset });
    return null;
  }
  const paths = pathsOf(checked.syntax);
  noteHostFields(site, checked.syntax);
  let fine = true;
  for (const path of paths) fine = checkPath(site, path, offset) && fine;
  for (const read of hostReads(checked.syntax)) fine = checkHostRead(site, read, offset) && fine;
  return fine ? { source, phase: phaseOf(site.unit, paths), paths } : null;
}

/** The source of a value that is one expression and nothing else. */
export function soleExpression(site: Site, text: string): { readonly source: string; readonly offset: number } | null {
  const parsed = parseTemplate(text.trim());
  if (!parsed.ok) {
    report(site, {
      code: 'EXPRESSION_INVALID',
      message: `Cannot read the expression: ${parsed.reason}`,
      offset: parsed.offset,
    });
    return null;
  }
  const [only, ...others] = parsed.parts;
  if (only !== undefined && others.length === 0 && 'expression' in only)
    return { source: only.expression, offset: only.offset };
  report(site, {
    code: 'EXPRESSION_INVALID',
    message: 'Cannot use the text here: the whole value must be one expression',
    accepted: ['${{ … }}'],
  });
  return null;
}

/** Checks an expression that is kept for the run, and notes what it reads. */
export function keepExpression(site: Site, text: string): Expression | null {
  const sole = soleExpression(site, text);
  const checked = sole === null ? null : check(site, sole.source, sole.offset);
  if (checked === null) return null;
  noteReads(site, checked.paths);
  return checked.source;
}

/** What a plan-phase expression gives. Undefined: it cannot be known (a problem was reported, or only a check is made). */
export function evaluate(site: Site, source: Expression, host?: Json): Json | undefined {
  const { unit } = site;
  const scope: Scope = { ...constants(unit), ...(host === undefined ? {} : { host }) };
  if (!unit.evaluates && namesAny(site, source)) return undefined;
  const evaluated = evaluateExpression(source, scope);
  if (evaluated.ok) return evaluated.value;
  report(site, { code: evaluated.failure.code, message: evaluated.failure.message });
  return undefined;
}

/** Records what an expression that stays in the plan will need while the run goes on. */
export function noteReads(site: Site, paths: readonly NamePath[]): void {
  const { unit, reads } = site;
  for (const { name, fields } of paths) {
    const [first = '*', second = '*'] = fields;
    if (name === 'steps') {
      if (site.scope.steps.get(first)?.inBody === true && site.scope.body !== null) reads.hostSteps.add(first);
      else reads.steps.add(first);
      noteField(unit, first, second);
    } else if (name === 'host') {
      if (first === 'steps') reads.hostSteps.add(second);
      reads.names.add('host');
    } else reads.names.add(name);
    if (name === 'vars') for (const used of first === '*' ? Object.keys(unit.vars) : [first]) unit.used.vars.add(used);
    if (name === 'inventory') unit.used.inventory = true;
  }
}

export function constants(unit: Unit): Scope {
  const { inventory } = unit.session;
  return { inputs: unit.inputs, vars: unit.vars, ...(inventory === null ? {} : { inventory: inventory.view }) };
}

function namesAny(site: Site, source: Expression): boolean {
  const checked = checkExpression(source, typesAt(site));
  return !checked.ok || pathsOf(checked.syntax).length > 0;
}

function refuseSecret(site: Site, offset: number): null {
  report(site, {
    code: 'SECRET_IN_EXPRESSION',
    message:
      'Cannot use a secret here: it stands only in env, stdin, with and connections, as ${{ secrets.name }} on its own or inside text',
    offset,
  });
  return null;
}

function refuseCaptured(site: Site, id: string, offset: number): false {
  report(site, {
    code: 'SECRET_IN_EXPRESSION',
    message: `Cannot use the secret that step "${id}" captures here: it stands only in env, stdin and with, on its own or inside text`,
    offset,
  });
  return false;
}

function phaseOf(unit: Unit, paths: readonly NamePath[]): Phase {
  let phase: Phase = 'plan';
  for (const { name, fields } of paths) {
    if (name === 'vars' || name === 'inventory') continue;
    if (name === 'inputs' && !isLate(unit, fields[0])) continue;
    if (name === 'host' && fields[0] !== undefined && fields[0] !== 'steps') phase = 'host';
    else return 'run';
  }
  return phase;
}

function isLate(unit: Unit, input: string | undefined): boolean {
  return input === undefined || input === '*' ? unit.late.size > 0 : unit.late.has(input);
}

function checkPath(site: Site, path: NamePath, offset: number): boolean {
  const [first, second] = path.fields;
  const at = offset + path.start;
  if (path.name === 'steps') return checkStep(site, path, at);
  if (path.name === 'inputs' && first !== undefined && site.unit.secretInputs.has(first))
    return refuseSecret(site, at) !== null;
  if (path.name === 'host' || path.name === 'delegate') {
    if (first !== undefined && !hostFields.includes(first))
      return unknownField(site, { what: `${path.name}.${first}`, found: first, accepted: hostFields, offset: at });
    if (first === 'labels' && second !== undefined) return checkLabel(site, second, at);
    if (path.name === 'host' && first === 'steps')
      return checkStep(site, { ...path, fields: path.fields.slice(1) }, at);
  }
  if (path.name === 'run' && first !== undefined && !runFields.includes(first))
    return unknownField(site, { what: `run.${first}`, found: first, accepted: runFields, offset: at });
  return true;
}

function checkStep(site: Site, path: NamePath, offset: number): boolean {
  const [id, field] = path.fields;
  if (id === undefined || id === '*') {
    report(site, {
      code: 'UNKNOWN_STEP',
      message: 'Cannot read steps as a whole: name one, such as steps.check.stdout',
      offset,
    });
    return false;
  }
  const step = site.scope.steps.get(id);
  if (step === undefined) {
    const later = site.unit.ids.has(id);
    report(site, {
      code: later ? 'USE_BEFORE_DEFINITION' : 'UNKNOWN_STEP',
      message: later
        ? `Cannot read step "${id}" here: it is not reached before this place, or stands inside a container that closes it`
        : `Cannot find step "${id}": the runbook has none of this id`,
      offset,
      found: id,
      accepted: [...site.scope.steps.keys()],
    });
    return false;
  }
  if (step.secret === true && isOutput(field)) return refuseCaptured(site, id, offset);
  if (field === undefined || field === '*' || step.fields === null || step.fields.includes(field)) return true;
  return unknownField(site, { what: `steps.${id}.${field}`, found: field, accepted: step.fields, offset });
}

/** What is read of the hosts of a rollout from outside of its body. */
function checkHostRead(site: Site, { id, fields, start }: HostRead, offset: number): boolean {
  const hosts = site.scope.steps.get(id)?.hosts;
  const [field, step] = fields;
  if (hosts === undefined || field === undefined) return true;
  if (!hosts.fields.includes(field))
    return unknownField(site, { what: field, found: field, accepted: hosts.fields, offset: offset + start });
  if (field !== 'steps' || step === undefined || step === '*') return true;
  // Ids are unique in a runbook: what is no step of this body is read as if it stood in it.
  const inside = withScope(site, { steps: hosts.steps ?? new Map() });
  return checkStep(inside, { name: 'steps', fields: fields.slice(1), start, end: start }, offset + start);
}

function checkLabel(site: Site, label: string, offset: number): boolean {
  const { inventory } = site.unit.session;
  if (label === '*' || inventory === null || inventory.labels.size === 0 || inventory.labels.has(label)) return true;
  report(site, {
    code: 'UNKNOWN_LABEL',
    message: `Cannot find the label "${label}": no host of the inventory has it`,
    offset,
    found: label,
    accepted: [...inventory.labels],
  });
  return false;
}

function unknownField(
  site: Site,
  problem: {
    readonly what: string;
    readonly found: string;
    readonly accepted: readonly string[];
    readonly offset: number;
  },
): false {
  const { what, found, accepted, offset } = problem;
  report(site, {
    code: 'UNKNOWN_FIELD',
    message: `Cannot find "${what}": there is no such field`,
    offset,
    found,
    accepted,
  });
  return false;
}

/** Labels and variables of hosts that any expression reads are part of the plan; nothing else of them is. */
function noteHostFields(site: Site, syntax: Syntax): void {
  const { used } = site.unit.session;
  const { labels, hostVars } = used;
  used.groups ||= selects(syntax, 'groups');
  for (const label of fieldsUnder(syntax, 'labels')) labels.add(label);
  for (const name of fieldsUnder(syntax, 'vars')) hostVars.add(name);
  const { inventory } = site.unit.session;
  if (inventory === null || inventory.labels.size === 0) return;
  for (const path of pathsOf(syntax))
    if (path.name === 'inventory') for (const label of fieldsUnder(syntax, 'labels')) checkLabel(site, label, 0);
}

function noteField(unit: Unit, step: string, field: string): void {
  const fields = unit.used.fields.get(step) ?? new Set();
  fields.add(field);
  unit.used.fields.set(step, fields);
}

const typesByScope = new WeakMap<LexicalScope, { readonly spec: Unit['spec']; readonly types: NameTypes }>();

function typesAt(site: Site): NameTypes {
  const { unit, scope } = site;
  const known = typesByScope.get(scope);
  if (known?.spec === unit.spec) return known.types;
  const types: { [name: string]: FieldType | { readonly [field: string]: FieldType } } = {
    inputs: Object.fromEntries(Object.entries(unit.spec.inputs ?? {}).map(([name, input]) => [name, inputType(input)])),
    vars: Object.fromEntries(Object.keys(unit.spec.vars ?? {}).map((name) => [name, 'dyn' as const])),
    inventory: 'dyn',
    run: 'dyn',
    steps: 'dyn',
  };
  for (const name of scope.names) types[name] = 'dyn';
  typesByScope.set(scope, { spec: unit.spec, types });
  return types;
}

function inputType(input: Input): FieldType {
  if (input.required === false) return 'dyn';
  switch (input.type) {
    case 'string':
    case 'datetime':
    case 'duration':
      return 'string';
    case 'integer':
      return 'int';
    case 'number':
      return 'dyn';
    case 'boolean':
      return 'bool';
    case 'array':
      return 'list';
    case 'object':
    case 'host':
      return 'map';
    case 'secret':
      return 'dyn';
  }
}
