import { calendarsOf, dependencyGraphOf } from '../../definitions/inventory/dependencies';
import type { LoadedInventory } from '../../definitions/document';
import { compareVersions } from '../../definitions/library';
import { dependencyGraph } from '../../workflows/domain/dependency-graph';
import type { Dependency, DependencyGraph } from '../../workflows/domain/dependency-graph';
import { resolveChosen } from './inventory';
import type { PublishedShelf } from './published-shelf';
import { grantedSecrets } from './secrets';

/** What the published inventories say about configuration items. */
export interface ItemSurroundings {
  readonly graph: DependencyGraph;
  /** Names of the calendars that apply to an item. */
  readonly calendars: ReadonlyMap<string, readonly string[]>;
  /** Inventories that nobody could read just now: what they say is not among the above. */
  readonly unreadable: readonly string[];
}

/** The newest version of every inventory: an item may be needed by something that is listed elsewhere. */
export async function readItemSurroundings(shelf: Pick<PublishedShelf, 'documents'>): Promise<ItemSurroundings> {
  const { documents } = await shelf.documents();
  const dependencies: Dependency[] = [];
  const calendars = new Map<string, readonly string[]>();
  const unreadable: string[] = [];
  for (const document of newestOf(documents.filter((document) => document.kind === 'Inventory'))) {
    const resolved = await resolveChosen(document, grantedSecrets(documents));
    if (!resolved.ok || resolved.inventory === null) {
      unreadable.push(document.metadata.name);
      continue;
    }
    dependencies.push(...[...dependencyGraphOf(resolved.inventory).children.values()].flat());
    for (const [item, names] of calendarsOf(resolved.inventory))
      calendars.set(item, [...new Set([...(calendars.get(item) ?? []), ...names])]);
  }
  return { graph: dependencyGraph(dependencies), calendars, unreadable };
}

function newestOf(inventories: readonly LoadedInventory[]): readonly LoadedInventory[] {
  const newest = new Map<string, LoadedInventory>();
  for (const document of inventories) {
    const { name, version } = document.metadata;
    const known = newest.get(name);
    if (known === undefined || compareVersions(version, known.metadata.version) > 0) newest.set(name, document);
  }
  return [...newest.values()];
}
