import type { DefinitionKind, LoadedDocument } from '../../definitions/document';
import { compareVersions } from '../../platform/store/version-order';
import type { SourceDocument } from './documents';

/**
 * Where references are looked up, nearest first: given files, their neighbours, `--library`, what is published.
 * The first tier that has the name decides; within it the newest version that fits.
 */
export type Pool = readonly (readonly SourceDocument[])[];

export type Lookup<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly accepted?: readonly string[] };

type OfKind<K extends DefinitionKind> = Extract<LoadedDocument, { kind: K }>;

export interface FoundDocument<K extends DefinitionKind> {
  readonly document: OfKind<K>;
  readonly source: SourceDocument;
}

/** `name`, `folder/name@2`, `name@1.4.2`. */
export function findDocument<K extends DefinitionKind>(pool: Pool, kind: K, reference: string): Lookup<FoundDocument<K>> {
  const [name = '', version = ''] = reference.split('@');
  const tiers = pool.map((tier) => ofKind(tier, kind));
  for (const tier of tiers) {
    const named = tier.filter(({ document }) => document.metadata.name === name);
    if (named.length === 0) continue;
    const fitting = named.filter(({ document }) => fits(document.metadata.version, version));
    if (fitting.length > 0) return newest(fitting, `${kind} "${reference}"`);
  }
  const known = tiers.flatMap((tier) => tier.map(({ document }) => document.metadata.name));
  return {
    ok: false,
    code: 'UNKNOWN_REFERENCE',
    message: `Cannot find ${kind} "${reference}": it is neither given nor published`,
    accepted: [...new Set(known)].sort(),
  };
}

export function ofKind<K extends DefinitionKind>(sources: readonly SourceDocument[], kind: K): readonly FoundDocument<K>[] {
  return sources.flatMap((source) => (isKind(source.document, kind) ? [{ document: source.document, source }] : []));
}

function isKind<K extends DefinitionKind>(document: LoadedDocument, kind: K): document is OfKind<K> {
  return document.kind === kind;
}

function fits(version: string, wanted: string): boolean {
  return wanted === '' || version === wanted || version.startsWith(`${wanted}.`);
}

function newest<K extends DefinitionKind>(found: readonly FoundDocument<K>[], what: string): Lookup<FoundDocument<K>> {
  const sorted = [...found].sort((left, right) => compareVersions(right.document.metadata.version, left.document.metadata.version));
  const [best, second] = sorted;
  if (best === undefined) return { ok: false, code: 'UNKNOWN_REFERENCE', message: `Cannot find ${what}: nothing fits` };
  const isTwin = second?.document.metadata.version === best.document.metadata.version && second.document.digest !== best.document.digest;
  if (!isTwin) return { ok: true, value: best };
  const places = [best, second].map(({ document }) => `${document.file} (${document.metadata.version})`);
  return { ok: false, code: 'AMBIGUOUS_REFERENCE', message: `Cannot choose ${what}: it stands in ${places.join(' and in ')}` };
}
