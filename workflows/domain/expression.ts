import { Environment } from '@marcbachmann/cel-js';
import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';

import { canonicalJson } from './canonical-json';
import * as functions from './expression-functions';
import { ExpressionFault, Meter } from './expression-functions';
import { lower, meterName } from './expression-lower';
import { brief, faultText, isLimitError, startOf, unknownName } from './expression-problems';
import type { NameTypes } from './expression-problems';
import { expressionLimits, refusals } from './expression-rules';
import type { ExpressionProblem } from './expression-rules';
import { namesOf } from './expression-syntax';
import type { Syntax } from './expression-syntax';
import { fromCel, toCel } from './expression-values';
import type { Failure } from './failure';
import type { Json } from './json';
import type { Scope } from './value';

export type ExpressionCheck =
  | { readonly ok: true; readonly syntax: Syntax; readonly type: string }
  | { readonly ok: false; readonly problem: ExpressionProblem };

export type Evaluation =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly failure: Failure };

/** Reads and checks an expression where it is written: syntax, bounds, what is refused, unknown names, types as far as known. */
export function checkExpression(source: string, types: NameTypes): ExpressionCheck {
  const parsed = parseExpression(source);
  if (!parsed.ok) return parsed;
  const unknown = unknownName(parsed.syntax, types);
  if (unknown !== null) return { ok: false, problem: unknown };
  const checked = checkingEnvironment(types).check(source);
  if (checked.valid) return { ok: true, syntax: parsed.syntax, type: checked.type ?? 'dyn' };
  return {
    ok: false,
    problem: {
      code: 'EXPRESSION_TYPE',
      message: `Cannot use the expression "${brief(source)}": ${faultText(checked.error)}`,
      offset: startOf(checked.error),
    },
  };
}

/** Syntax, bounds and refusals only: for expressions of a plan, whose names were checked when it was made. */
export function parseExpression(
  source: string,
): { readonly ok: true; readonly syntax: Syntax } | { readonly ok: false; readonly problem: ExpressionProblem } {
  if (source.length > expressionLimits.textLength)
    return {
      ok: false,
      problem: {
        code: 'EXPR_LIMIT',
        message: `Cannot use the expression: it has ${source.length} characters, at most ${expressionLimits.textLength}`,
        offset: 0,
      },
    };
  let parsed: ParseResult;
  try {
    parsed = readingEnvironment.parse(source);
  } catch (error) {
    const code = isLimitError(error) ? 'EXPR_LIMIT' : 'EXPRESSION_INVALID';
    return {
      ok: false,
      problem: {
        code,
        message: `Cannot read the expression "${brief(source)}": ${faultText(error)}`,
        offset: startOf(error),
      },
    };
  }
  const syntax = syntaxOf(parsed.ast, source);
  const [refused] = refusals(syntax);
  return refused === undefined ? { ok: true, syntax } : { ok: false, problem: refused };
}

/** Evaluates; never throws. Names that the scope does not have are an error, fields it does not have follow `isLenient`. */
export function evaluateExpression(source: string, scope: Scope): Evaluation {
  const program = programOf(source);
  if (!program.ok) return { ok: false, failure: { code: 'EXPRESSION_FAILED', message: program.problem.message } };
  const meter = new Meter();
  const context: { [name: string]: unknown } = { [meterName]: meter };
  for (const name of program.names) {
    const value = scope[name];
    if (value !== undefined) context[name] = toCel(value);
  }
  try {
    const result: unknown = program.run(context);
    if (meter.fault !== null) return failed(source, meter.fault);
    return { ok: true, value: fromCel(result) };
  } catch (error) {
    return failed(source, meter.fault ?? error);
  }
}

function failed(source: string, error: unknown): Evaluation {
  const code = error instanceof ExpressionFault ? error.code : 'EXPRESSION_FAILED';
  return { ok: false, failure: { code, message: `Cannot evaluate "${brief(source)}": ${faultText(error)}` } };
}

// ---- the library -------------------------------------------------------------------------------------------------------

const limits = {
  maxAstNodes: expressionLimits.nodes,
  maxDepth: expressionLimits.depth,
  maxListElements: expressionLimits.literalItems,
  maxMapEntries: expressionLimits.literalItems,
};

/** Lowering nests deeper than the author did. */
const loweredLimits = { ...limits, maxAstNodes: limits.maxAstNodes * 6, maxDepth: limits.maxDepth * 5 };

const readingEnvironment = withFunctions(
  new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits }),
);
const runningEnvironment = withInternals(
  withFunctions(
    new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits: loweredLimits }),
  ),
);
const checkingEnvironments = new WeakMap<NameTypes, Environment>();

function checkingEnvironment(types: NameTypes): Environment {
  const known = checkingEnvironments.get(types);
  if (known !== undefined) return known;
  const environment = withFunctions(
    new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits }),
  );
  for (const [name, type] of Object.entries(types)) {
    if (typeof type === 'string') environment.registerVariable(name, type);
    else environment.registerVariable(name, { schema: { ...type } });
  }
  checkingEnvironments.set(types, environment);
  return environment;
}

/** What authors may call beyond CEL itself, and arithmetic of integers with doubles (a measured 2 is as good as a 2.5). */
function withFunctions(environment: Environment): Environment {
  const pure = { async: false };
  const add = (signature: string, handler: (...args: never[]) => unknown): Environment =>
    environment.registerFunction(signature, handler, pure);
  add('json(string): dyn', functions.json);
  add('toJson(dyn): string', (value: unknown) => canonicalJson(fromCel(value)));
  add('lines(string): list<string>', functions.lines);
  add('default(dyn, dyn): dyn', (value: unknown, other: unknown) => value ?? other);
  add('unique(list): list', uniqueItems);
  add('sum(list): dyn', functions.sum);
  add('join(list, string): string', functions.join);
  add('toInt(dyn): int', functions.toInt);
  add('toDouble(dyn): double', functions.toDouble);
  for (const [left, right] of [
    ['int', 'double'],
    ['double', 'int'],
  ]) {
    environment.registerOperator(`${left} + ${right}: double`, (a, b) => Number(a) + Number(b));
    environment.registerOperator(`${left} - ${right}: double`, (a, b) => Number(a) - Number(b));
    environment.registerOperator(`${left} * ${right}: double`, (a, b) => Number(a) * Number(b));
    environment.registerOperator(`${left} / ${right}: double`, (a, b) => Number(a) / Number(b));
  }
  return environment;
}

/** What lowering writes. */
function withInternals(environment: Environment): Environment {
  const pure = { async: false };
  const add = (signature: string, handler: (...args: never[]) => unknown): Environment =>
    environment.registerFunction(signature, handler, pure);
  environment.registerType('Meter', Meter);
  add('ms_get(dyn, dyn): dyn', functions.get);
  add('ms_find(dyn, dyn): dyn', functions.find);
  add('ms_default(dyn, dyn): dyn', (value: unknown, other: unknown) => value ?? other);
  add('ms_items(dyn, dyn, int): dyn', items);
  add('ms_tick(dyn, dyn): dyn', tick);
  add('ms_int(dyn): int', functions.toInteger);
  add('ms_uint(dyn): int', functions.toInteger);
  add('ms_double(dyn): double', functions.toFloat);
  add('ms_timestamp(dyn): google.protobuf.Timestamp', functions.toTime);
  add('ms_duration(string): string', functions.durationText);
  return environment;
}

function uniqueItems(list: readonly unknown[]): unknown[] {
  return functions.unique(list, (item) => canonicalJson(fromCel(item)));
}

function items(meter: Meter, list: unknown, depth: bigint): unknown {
  if (typeof list !== 'object' || list === null)
    throw new ExpressionFault('EXPRESSION_FAILED', `Cannot go over ${functions.kindOf(list)}: expected a list`);
  meter.enter(Array.isArray(list) ? list.length : Object.keys(list).length, Number(depth));
  return list;
}

function tick(meter: Meter, value: unknown): unknown {
  meter.step();
  return value;
}

// ---- programs ----------------------------------------------------------------------------------------------------------

type Program =
  | { readonly ok: true; readonly names: ReadonlySet<string>; readonly run: ParseResult }
  | { readonly ok: false; readonly problem: ExpressionProblem };

/** Parsed once. The oldest half goes when it is full, so that a long-lived worker does not grow. */
const programs = new Map<string, Program>();
const programsKept = 2000;

function programOf(source: string): Program {
  const known = programs.get(source);
  if (known !== undefined) return known;
  const program = compileProgram(source);
  if (programs.size >= programsKept) {
    for (const oldest of [...programs.keys()].slice(0, programsKept / 2)) programs.delete(oldest);
  }
  programs.set(source, program);
  return program;
}

function compileProgram(source: string): Program {
  const parsed = parseExpression(source);
  if (!parsed.ok) return parsed;
  try {
    return { ok: true, names: namesOf(parsed.syntax), run: runningEnvironment.parse(lower(parsed.syntax)) };
  } catch (error) {
    return {
      ok: false,
      problem: {
        code: 'EXPR_LIMIT',
        message: `Cannot use the expression "${brief(source)}": ${faultText(error)}`,
        offset: 0,
      },
    };
  }
}

function syntaxOf(node: ASTNode, source: string): Syntax {
  const at = { start: node.start, end: node.end };
  const sub = (child: ASTNode): Syntax => syntaxOf(child, source);
  switch (node.op) {
    case 'value':
      return { kind: 'literal', value: literalValue(node.args), text: source.slice(node.start, node.end), ...at };
    case 'id':
      return { kind: 'name', name: node.args, ...at };
    case '.':
    case '.?':
      return { kind: 'select', object: sub(node.args[0]), field: node.args[1], ...at };
    case '[]':
    case '[?]':
      return { kind: 'index', object: sub(node.args[0]), index: sub(node.args[1]), ...at };
    case 'call':
      return { kind: 'call', name: node.args[0], receiver: null, args: node.args[1].map(sub), ...at };
    case 'rcall':
      return { kind: 'call', name: node.args[0], receiver: sub(node.args[1]), args: node.args[2].map(sub), ...at };
    case 'list':
      return { kind: 'list', items: node.args.map(sub), ...at };
    case 'map':
      return { kind: 'map', entries: node.args.map(([key, value]) => [sub(key), sub(value)] as const), ...at };
    case '!_':
    case '-_':
      return { kind: 'operation', operator: node.op.charAt(0), operands: [sub(node.args)], ...at };
    case '?:':
    case '||':
    case '&&':
    case '!=':
    case '==':
    case 'in':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { kind: 'operation', operator: node.op, operands: node.args.map(sub), ...at };
  }
}

function literalValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'bigint' ? Number(value) : null;
}
