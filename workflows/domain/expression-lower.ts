import { asComprehension } from './expression-syntax';
import type { Syntax } from './expression-syntax';

/** The name of the meter in a lowered expression. */
export const meterName = 'ms_meter';

/**
 * Writes an expression as the CEL that is evaluated: selection becomes a function that knows about null, loops count their steps,
 * conversions become ours. What an author may write is checked before, on the original.
 */
export function lower(syntax: Syntax): string {
  return write(syntax, 0);
}

function write(syntax: Syntax, loops: number): string {
  switch (syntax.kind) {
    case 'literal':
      return syntax.text;
    case 'name':
      return syntax.name;
    case 'select':
      return `${isLenient(syntax.object) ? 'ms_find' : 'ms_get'}(${write(syntax.object, loops)}, ${JSON.stringify(syntax.field)})`;
    case 'index':
      return `${isLenient(syntax.object) ? 'ms_find' : 'ms_get'}(${write(syntax.object, loops)}, ${write(syntax.index, loops)})`;
    case 'call':
      return writeCall(syntax, loops);
    case 'operation':
      return writeOperation(syntax, loops);
    case 'list':
      return `[${syntax.items.map((item) => write(item, loops)).join(', ')}]`;
    case 'map':
      return `{${syntax.entries.map(([key, value]) => `${write(key, loops)}: ${write(value, loops)}`).join(', ')}}`;
  }
}

/**
 * Where an absent field is null: directly under the names the engine fills in, in records of steps, in labels, variables and
 * forms. Elsewhere (a service's answer) an absent key is an error, so that a misspelt one cannot pass for "no".
 */
function isLenient(object: Syntax): boolean {
  if (object.kind === 'name') return engineNames.has(object.name);
  if (object.kind !== 'select') return false;
  if (openFields.has(object.field)) return true;
  const above = object.object;
  return (above.kind === 'name' && above.name === 'steps') || (above.kind === 'select' && above.field === 'steps');
}

const engineNames: ReadonlySet<string> = new Set([
  'inputs',
  'vars',
  'run',
  'steps',
  'host',
  'delegate',
  'wave',
  'error',
  'event',
]);
const openFields: ReadonlySet<string> = new Set(['labels', 'vars', 'form', 'steps']);

const conversions: ReadonlySet<string> = new Set(['int', 'double', 'uint', 'timestamp']);

function writeCall(call: Syntax & { readonly kind: 'call' }, loops: number): string {
  const loop = asComprehension(call);
  if (loop !== null) {
    const list = `ms_items(${meterName}, ${write(loop.list, loops)}, ${loops})`;
    const bodies = loop.bodies.map((body) => `ms_tick(${meterName}, ${write(body, loops + 1)})`);
    return `${list}.${call.name}(${[loop.variable, ...bodies].join(', ')})`;
  }
  if (call.receiver === null && call.name === 'has') return writeHas(call, loops);
  if (call.receiver === null && call.name === 'default')
    return `ms_default(${call.args.map((arg, index) => (index === 0 ? writeFound(arg, loops) : write(arg, loops))).join(', ')})`;
  const args = call.args.map((arg) => write(arg, loops)).join(', ');
  if (call.receiver !== null) return `${write(call.receiver, loops)}.${call.name}(${args})`;
  if (call.name === 'duration') return `duration(ms_duration(${args}))`;
  return conversions.has(call.name) ? `ms_${call.name}(${args})` : `${call.name}(${args})`;
}

/** `has(a.b)`: there, and not null. */
function writeHas(call: Syntax & { readonly kind: 'call' }, loops: number): string {
  const [field] = call.args;
  return field === undefined ? 'false' : `(${writeFound(field, loops)} != dyn(null))`;
}

/** A selection where nothing on the way needs to exist. */
function writeFound(syntax: Syntax, loops: number): string {
  if (syntax.kind === 'select') return `ms_find(${writeFound(syntax.object, loops)}, ${JSON.stringify(syntax.field)})`;
  if (syntax.kind === 'index') return `ms_find(${writeFound(syntax.object, loops)}, ${write(syntax.index, loops)})`;
  return write(syntax, loops);
}

function writeOperation(syntax: Syntax & { readonly kind: 'operation' }, loops: number): string {
  const operands = syntax.operands.map((operand) => write(operand, loops));
  const [first = '', second = '', third = ''] = operands;
  if (syntax.operator === '?:') return `(${first} ? dyn(${second}) : dyn(${third}))`;
  if (operands.length === 1) return `(${syntax.operator}${first})`;
  // A literal has a static type, and the library compares only equal static types: 1 == 1.0 and null == 'a' must be answers.
  if (syntax.operator === '==' || syntax.operator === '!=') return `(dyn(${first}) ${syntax.operator} dyn(${second}))`;
  return `(${first} ${syntax.operator} ${second})`;
}
