import type { DefinitionSummary } from '../../answers';

export interface ListedDefinition {
  readonly kind: string;
  readonly name: string;
  /** The newest. */
  readonly version: string;
  readonly versions: number;
}

/** One line for each name, whatever versions there are; the list has them oldest first. */
export function byKind(
  definitions: readonly DefinitionSummary[],
  search: string,
): readonly (readonly [string, readonly ListedDefinition[]])[] {
  const names = new Map<string, ListedDefinition>();
  for (const { kind, name, version } of definitions) {
    if (!name.toLowerCase().includes(search.trim().toLowerCase())) continue;
    const known = names.get(`${kind} ${name}`);
    names.set(`${kind} ${name}`, { kind, name, version, versions: (known?.versions ?? 0) + 1 });
  }
  const rows = [...names.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  const kinds = [...new Set(rows.map(({ kind }) => kind))].toSorted();
  return kinds.map((kind) => [kind, rows.filter((row) => row.kind === kind)]);
}
