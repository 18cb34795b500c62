import { canonicalJson } from '../../workflows/domain/canonical-json';
import { appendWithin, lockHead } from './append';
import { digestOf, keepBlobs } from './blobs';
import type { Database, Session } from './database';
import { systemStream } from './folds/apply';
import { readDocument } from './schema';
import { isOfScopes, readScope } from './scopes';
import type { DefinitionRow, Definitions, PublishedDefinition } from './store';
import { StoreError } from './store-error';
import { compareText } from './text-order';
import { compareEachVersion } from './version-order';

type PublishedBy = Parameters<Definitions['publish']>[1];

/** Texts are blobs, named in the journal by their digest; the table is a fold of it (S2). */
export function createDefinitions(database: Database): Definitions {
  return {
    publish: (definition, by, files = []) =>
      database.transaction((session) => publish(session, { definition, files }, by)),
    get: (kind, name, version) => get(database, { kind, name }, version),
    list: (filter) => list(database, filter ?? {}),
  };
}

async function publish(
  session: Session,
  { definition, files }: { readonly definition: PublishedDefinition; readonly files: readonly Uint8Array[] },
  by: PublishedBy,
): Promise<'published' | 'unchanged' | 'VERSION_EXISTS'> {
  // Two publishers of one version take turns here; the second finds what the first has written.
  await lockHead(session, systemStream);
  const known = await get(session, definition, definition.version);
  if (known !== null) return isSame(known, definition) ? 'unchanged' : 'VERSION_EXISTS';
  const { kind, name, version, digest } = definition;
  const text = Buffer.from(definition.text, 'utf8');
  if (digestOf(text) !== digest)
    throw new StoreError('DIGEST_WRONG', `Cannot publish ${kind} "${name}": its digest is not that of its text`);
  await keepBlobs(session, [text, ...files]);
  const payload = { kind, name, version, digest, files: definition.files };
  const key = `definition/${kind}/${name}@${version}`;
  await appendWithin(session, systemStream, [{ key, kind: 'definition.published', ...by, payload }]);
  return 'published';
}

function isSame(known: PublishedDefinition, other: PublishedDefinition): boolean {
  return known.text === other.text && canonicalJson(known.files) === canonicalJson(other.files);
}

async function get(
  session: Session,
  { kind, name }: { readonly kind: string; readonly name: string },
  version: string | undefined,
): Promise<DefinitionRow | null> {
  const versions = scopedDefinitions(session).where('kind', '=', kind).where('name', '=', name);
  if (version !== undefined) {
    const row = await versions.where('version', '=', version).executeTakeFirst();
    return row === undefined ? null : published(row);
  }
  const rows = await versions.execute();
  const newest = rows.toSorted((left, right) => compareEachVersion(left.version, right.version)).at(-1);
  return newest === undefined ? null : published(newest);
}

/** By kind and name, oldest version first. */
async function list(
  session: Session,
  { kind, scopeIds = null }: NonNullable<Parameters<Definitions['list']>[0]>,
): Promise<readonly DefinitionRow[]> {
  let select = scopedDefinitions(session);
  if (kind !== undefined) select = select.where('kind', '=', kind);
  if (scopeIds !== null) select = select.where(isOfScopes(session, 'scope', scopeIds));
  const rows = await select.execute();
  return rows.map(published).toSorted((left, right) => {
    const byName = compareText(left.kind, right.kind) || compareText(left.name, right.name);
    return byName === 0 ? compareEachVersion(left.version, right.version) : byName;
  });
}

function scopedDefinitions({ query }: Session) {
  return query
    .selectFrom('definitions')
    .leftJoin('scopes', 'scopes.id', 'definitions.scope')
    .select(['kind', 'name', 'version', 'digest', 'text', 'files', 'scopes.labels as labels']);
}

function published({
  files,
  labels,
  ...row
}: Omit<PublishedDefinition, 'files'> & { readonly files: string; readonly labels: string | null }): DefinitionRow {
  return {
    ...row,
    files: readDocument<PublishedDefinition['files']>(files),
    scope: labels === null ? {} : readScope(labels),
  };
}
