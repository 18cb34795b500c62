import { asComprehension, childrenOf } from './expression-syntax';
import type { Syntax } from './expression-syntax';

/**
 * Bounds of an expression (D12). A worker thread that evaluates for seconds stalls its workflow task, so what could take long is
 * refused before it runs, and counted while it runs.
 */
export const expressionLimits = {
  textLength: 4000,
  nodes: 2000,
  depth: 60,
  literalItems: 1000,
  loopDepth: 2,
  /** Items of a list that a loop goes over, outermost and inside another loop. */
  outerItems: 10_000,
  innerItems: 1000,
  /** Loop bodies evaluated in all: a second of a slow machine, far below the five that a workflow task has. */
  loopSteps: 300_000,
} as const;

export interface ExpressionProblem {
  readonly code: 'EXPRESSION_INVALID' | 'EXPRESSION_REFUSED' | 'EXPRESSION_TYPE' | 'EXPR_LIMIT' | 'UNKNOWN_NAME';
  readonly message: string;
  /** Of the first character concerned, in the expression's text. */
  readonly offset: number;
  readonly found?: string;
  readonly accepted?: readonly string[];
}

const zoned: ReadonlySet<string> = new Set([
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getFullYear',
  'getHours',
  'getMilliseconds',
  'getMinutes',
  'getMonth',
  'getSeconds',
]);

const refusedCalls: { readonly [name: string]: string } = {
  matches: 'a pattern can take exponential time; use startsWith, endsWith, contains or split',
  getDayOfYear: "it depends on the machine's time zone",
  bytes: 'bytes are not a JSON value',
  type: 'a type is not a JSON value',
};

/** Names that lowering puts into an expression; an author must not reach them. */
const internalPrefix = 'ms_';

/** Everything that is refused whatever the names mean. */
export function refusals(syntax: Syntax, loops = 0): readonly ExpressionProblem[] {
  const own = refusal(syntax, loops);
  if (own !== null) return [own];
  const loop = asComprehension(syntax);
  if (loop === null) return childrenOf(syntax).flatMap((child) => refusals(child, loops));
  return [...refusals(loop.list, loops), ...loop.bodies.flatMap((body) => refusals(body, loops + 1))];
}

function refusal(syntax: Syntax, loops: number): ExpressionProblem | null {
  if (syntax.kind === 'name') return refusedName(syntax.name, syntax.start);
  if (syntax.kind !== 'call') return null;
  if (asComprehension(syntax) !== null && loops + 1 > expressionLimits.loopDepth)
    return {
      code: 'EXPR_LIMIT',
      message: `Cannot nest loops deeper than ${expressionLimits.loopDepth}: found ${loops + 1}`,
      offset: syntax.start,
    };
  const internal = refusedName(syntax.name, syntax.start);
  if (internal !== null) return internal;
  if (zoned.has(syntax.name) && syntax.args.length > 0)
    return refuse(syntax, 'time zones change between machines; only UTC is read');
  if ((syntax.name === 'int' || syntax.name === 'double' || syntax.name === 'uint') && isText(syntax.args[0]))
    return refuse(syntax, "int('') is 0; use toInt(x) or toDouble(x) for text");
  const reason = Object.hasOwn(refusedCalls, syntax.name) ? refusedCalls[syntax.name] : undefined;
  return reason === undefined ? null : refuse(syntax, reason);
}

function refusedName(name: string, offset: number): ExpressionProblem | null {
  // `cel.bind` doubles a text with every level; `google` gives types, which are no JSON values.
  if (name === 'cel' || name === 'google')
    return {
      code: 'EXPRESSION_REFUSED',
      message: `Cannot use the name "${name}": it is not part of the language`,
      offset,
      found: name,
    };
  if (!name.startsWith(internalPrefix)) return null;
  return {
    code: 'EXPRESSION_REFUSED',
    message: `Cannot use the name "${name}": names that begin with ${internalPrefix} are reserved`,
    offset,
  };
}

function refuse(call: Syntax & { readonly kind: 'call' }, reason: string): ExpressionProblem {
  return {
    code: 'EXPRESSION_REFUSED',
    message: `Cannot use ${call.name}(): ${reason}`,
    offset: call.start,
    found: call.name,
  };
}

function isText(syntax: Syntax | undefined): boolean {
  return syntax?.kind === 'literal' && typeof syntax.value === 'string';
}
