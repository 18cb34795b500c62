/** An expression as a tree of our own, so that rules and analysis do not depend on the library that reads it. */
export type Syntax = SyntaxNode & { readonly start: number; readonly end: number };

export type SyntaxNode =
  /** `text` is the literal as written. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'select'; readonly object: Syntax; readonly field: string }
  | { readonly kind: 'index'; readonly object: Syntax; readonly index: Syntax }
  | { readonly kind: 'call'; readonly name: string; readonly receiver: Syntax | null; readonly args: readonly Syntax[] }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Syntax[] }
  | { readonly kind: 'list'; readonly items: readonly Syntax[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Syntax, Syntax])[] };

/** A loop over a list: `list.filter(x, body)`. `bodies` see the variable, `list` does not. */
export interface Comprehension {
  readonly list: Syntax;
  readonly variable: string;
  readonly bodies: readonly Syntax[];
}

const comprehensions: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

export function asComprehension(syntax: Syntax): Comprehension | null {
  if (syntax.kind !== 'call' || syntax.receiver === null || !comprehensions.has(syntax.name)) return null;
  const [variable, ...bodies] = syntax.args;
  if (variable === undefined || variable.kind !== 'name' || bodies.length === 0) return null;
  return { list: syntax.receiver, variable: variable.name, bodies };
}

export function childrenOf(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'select':
      return [syntax.object];
    case 'index':
      return [syntax.object, syntax.index];
    case 'call':
      return syntax.receiver === null ? syntax.args : [syntax.receiver, ...syntax.args];
    case 'operation':
      return syntax.operands;
    case 'list':
      return syntax.items;
    case 'map':
      return syntax.entries.flat();
  }
}

/** A chain of names that an expression reads: `steps.drain.stdout`. A step of the chain that is computed is `*`. */
export interface NamePath {
  readonly name: string;
  readonly fields: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Every chain that begins with a name from outside the expression; variables of its own loops are left out. */
export function pathsOf(syntax: Syntax, bound: ReadonlySet<string> = new Set()): readonly NamePath[] {
  const loop = asComprehension(syntax);
  if (loop !== null) {
    const inner = new Set([...bound, loop.variable]);
    return [...pathsOf(loop.list, bound), ...loop.bodies.flatMap((body) => pathsOf(body, inner))];
  }
  const chain = chainOf(syntax);
  if (chain === null) return childrenOf(syntax).flatMap((child) => pathsOf(child, bound));
  const computed = chain.computed.flatMap((index) => pathsOf(index, bound));
  if (bound.has(chain.root)) return computed;
  return [{ name: chain.root, fields: chain.fields, start: syntax.start, end: syntax.end }, ...computed];
}

export function namesOf(syntax: Syntax): ReadonlySet<string> {
  return new Set(pathsOf(syntax).map((path) => path.name));
}

interface Chain {
  readonly root: string;
  readonly fields: readonly string[];
  readonly computed: readonly Syntax[];
}

function chainOf(syntax: Syntax): Chain | null {
  if (syntax.kind === 'name') return { root: syntax.name, fields: [], computed: [] };
  if (syntax.kind !== 'select' && syntax.kind !== 'index') return null;
  const before = chainOf(syntax.object);
  if (before === null) return null;
  if (syntax.kind === 'select') return { ...before, fields: [...before.fields, syntax.field] };
  if (syntax.index.kind === 'literal' && typeof syntax.index.value === 'string')
    return { ...before, fields: [...before.fields, syntax.index.value] };
  return { ...before, fields: [...before.fields, '*'], computed: [...before.computed, syntax.index] };
}

/** Fields selected directly under a field of this name, wherever it stands: `h.labels.role` gives `role` for `labels`. */
export function fieldsUnder(syntax: Syntax, container: string): ReadonlySet<string> {
  const found = new Set<string>();
  collectFields(syntax, container, found);
  return found;
}

function collectFields(syntax: Syntax, container: string, found: Set<string>): void {
  const base = syntax.kind === 'select' || syntax.kind === 'index' ? syntax.object : null;
  if (base !== null && base.kind === 'select' && base.field === container) {
    if (syntax.kind === 'select') found.add(syntax.field);
    if (syntax.kind === 'index')
      found.add(syntax.index.kind === 'literal' && typeof syntax.index.value === 'string' ? syntax.index.value : '*');
    for (const child of childrenOf(syntax))
      for (const inner of childrenOf(child)) collectFields(inner, container, found);
    if (syntax.kind === 'index') collectFields(syntax.index, container, found);
    return;
  }
  // Read as a whole: every field counts.
  if (syntax.kind === 'select' && syntax.field === container) found.add('*');
  for (const child of childrenOf(syntax)) collectFields(child, container, found);
}

/** Somewhere a field of this name is selected. */
export function selects(syntax: Syntax, field: string): boolean {
  return (
    (syntax.kind === 'select' && syntax.field === field) || childrenOf(syntax).some((child) => selects(child, field))
  );
}
