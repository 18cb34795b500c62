import type { DefinitionKind, LoadedDocument } from '../document';
import { resolveReference } from '../library';
import type { Tiers } from '../library';
import { atValue } from '../lint/note';
import type { DocumentPath, Problem } from '../problems';

export interface ReferenceOptions {
  readonly tiers: Tiers;
  /** Whether a file lies beside a document. */
  readonly isBeside: (document: LoadedDocument, file: string) => boolean;
}

export interface Named {
  readonly kind: DefinitionKind;
  readonly reference: string;
  readonly path: DocumentPath;
}

export function resolve(document: LoadedDocument, { tiers }: ReferenceOptions): (named: Named) => readonly Problem[] {
  return ({ kind, reference, path }) => {
    const found = resolveReference(kind, reference, tiers);
    if (found.ok) return [];
    const { code, message, accepted, nearest } = found;
    return [atValue(document, path, { code, message, found: reference, accepted, nearest })];
  };
}

const teamPrefix = 'team/';

export function teamsAmong(people: readonly string[], pathOf: (index: number) => DocumentPath): readonly Named[] {
  return people.flatMap((person, index) =>
    person.startsWith(teamPrefix)
      ? [{ kind: 'Team' as const, reference: person.slice(teamPrefix.length), path: pathOf(index) }]
      : [],
  );
}
