import { relativesOf } from './dependency-graph';

import type { Relation } from './dependency-graph';
import type { ConflictWorld } from './planned-change';

export type AffectedRelation = 'item' | Relation;

/** An item of a change, and one through which it can be met: itself, a parent or a child. */
export interface AffectedItem {
  readonly item: string;
  readonly relation: AffectedRelation;
  readonly through: string;
}

/** An item that the change works on itself is met directly, and not as the relative of another one of its items as well. */
export function affectedItems(
  items: readonly string[],
  { graph, depth }: Pick<ConflictWorld, 'graph' | 'depth'>,
): readonly AffectedItem[] {
  const own = new Set(items);
  return [...own].flatMap((item) => [
    { item, relation: 'item' as const, through: item },
    ...[...relativesOf(graph, item, depth)]
      .filter(([through]) => !own.has(through))
      .map(([through, relation]) => ({ item, relation, through })),
  ]);
}
