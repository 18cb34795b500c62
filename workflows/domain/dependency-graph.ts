import { groupedBy } from './grouping';

/** The parent needs the child: a service its database, a database its host. */
export interface Dependency {
  readonly parent: string;
  readonly child: string;
}

export interface DependencyGraph {
  /** By child. */
  readonly parents: ReadonlyMap<string, readonly Dependency[]>;
  /** By parent. */
  readonly children: ReadonlyMap<string, readonly Dependency[]>;
}

export type Relation = 'parent' | 'child';

export function dependencyGraph(dependencies: readonly Dependency[]): DependencyGraph {
  return {
    parents: groupedBy(dependencies, ({ child }) => child),
    children: groupedBy(dependencies, ({ parent }) => parent),
  };
}

/**
 * Items related to one over at most `depth` dependencies. Cycles are gone through once; in a cycle an item can be both, and then
 * counts as a child, the stricter of the two. Nothing is related to itself.
 */
export function relativesOf(graph: DependencyGraph, item: string, depth: number): ReadonlyMap<string, Relation> {
  const relatives = new Map<string, Relation>();
  for (const name of reach(item, depth, parentsIn(graph))) relatives.set(name, 'parent');
  for (const name of reach(item, depth, childrenIn(graph))) relatives.set(name, 'child');
  return relatives;
}

function parentsIn({ parents }: DependencyGraph): (item: string) => readonly string[] {
  return (item) => (parents.get(item) ?? []).map(({ parent }) => parent);
}

function childrenIn({ children }: DependencyGraph): (item: string) => readonly string[] {
  return (item) => (children.get(item) ?? []).map(({ child }) => child);
}

function reach(from: string, depth: number, neighbours: (item: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set([from]);
  let frontier: readonly string[] = [from];
  for (let step = 0; step < depth && frontier.length > 0; step += 1) {
    frontier = [...new Set(frontier.flatMap(neighbours))].filter((name) => !seen.has(name));
    for (const name of frontier) seen.add(name);
  }
  seen.delete(from);
  return seen;
}
