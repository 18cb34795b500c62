import type { JsonObject } from '../../workflows/domain/json';

export interface GroupDeclaration {
  readonly children?: readonly string[];
  readonly vars?: JsonObject;
}

export type GroupDeclarations = { readonly [name: string]: GroupDeclaration };

/** Groups as a hierarchy: who is within whom, and how deep. */
export interface GroupTree {
  /** The given groups and everything they are within, by name. */
  ancestry(groups: readonly string[]): readonly string[];
  /** Variables of the given groups and everything they are within: a child's win over its parent's, at equal depth the later name's. */
  variables(groups: readonly string[]): JsonObject;
}

/** `groups` must be free of cycles (`groupCycle`). */
export function groupTree(groups: GroupDeclarations): GroupTree {
  const parents = parentsOf(groups);
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    // A stack of its own: a chain of groups may be longer than the call stack.
    const open = [name];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const above = parents.get(top) ?? [];
      const unknown = above.filter((parent) => !depths.has(parent));
      if (unknown.length === 0) depths.set(open.pop() ?? top, 1 + deepest(above, depths));
      for (const parent of unknown) open.push(parent);
    }
    return depths.get(name) ?? 1;
  };
  const ancestry = (names: readonly string[]): string[] => {
    const found = new Set<string>();
    const open = [...names];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (found.has(name)) continue;
      found.add(name);
      for (const parent of parents.get(name) ?? []) open.push(parent);
    }
    return [...found].sort();
  };
  const variables = (names: readonly string[]): JsonObject => {
    // `ancestry` is sorted by name, and sorting is stable.
    const ordered = ancestry(names).sort((left, right) => depthOf(left) - depthOf(right));
    return Object.assign({}, ...ordered.map((name) => ownVars(groups, name)));
  };
  return { ancestry, variables };
}

function deepest(names: readonly string[], depths: ReadonlyMap<string, number>): number {
  let depth = 0;
  for (const name of names) depth = Math.max(depth, depths.get(name) ?? 0);
  return depth;
}

/** The names on a cycle, the first one again at the end; null if there is none. */
export function groupCycle(groups: GroupDeclarations): readonly string[] | null {
  const done = new Set<string>();
  for (const start of Object.keys(groups)) {
    const cycle = cycleFrom(groups, start, done);
    if (cycle !== null) return cycle;
  }
  return null;
}

interface Frame {
  readonly name: string;
  readonly children: readonly string[];
  next: number;
}

/** Depth first with a stack of its own: a chain of groups may be longer than the call stack. */
function cycleFrom(groups: GroupDeclarations, start: string, done: Set<string>): readonly string[] | null {
  const stack: Frame[] = [{ name: start, children: childrenOf(groups, start), next: 0 }];
  const onStack = new Set([start]);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const child = frame.children[frame.next++];
    if (child === undefined) {
      stack.pop();
      onStack.delete(frame.name);
      done.add(frame.name);
    } else if (onStack.has(child)) {
      const names = stack.map((open) => open.name);
      return [...names.slice(names.indexOf(child)), child].reverse();
    } else if (!done.has(child)) {
      stack.push({ name: child, children: childrenOf(groups, child), next: 0 });
      onStack.add(child);
    }
  }
  return null;
}

function childrenOf(groups: GroupDeclarations, name: string): readonly string[] {
  return Object.hasOwn(groups, name) ? (groups[name]?.children ?? []) : [];
}

function ownVars(groups: GroupDeclarations, name: string): JsonObject {
  return Object.hasOwn(groups, name) ? (groups[name]?.vars ?? {}) : {};
}

function parentsOf(groups: GroupDeclarations): Map<string, string[]> {
  const parents = new Map<string, string[]>();
  for (const [name, group] of Object.entries(groups)) {
    for (const child of group.children ?? []) parents.set(child, [...(parents.get(child) ?? []), name]);
  }
  return parents;
}
