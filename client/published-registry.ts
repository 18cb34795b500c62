import { parse } from 'yaml';
import { z } from 'zod';

import { catalogue } from '../activities/index';
import { PublishedCalendars } from '../activities/plans/calendars';
import { sha256 } from '../activities/plans/plan-bundle';
import { publishedScope } from '../activities/plans/plan-scope';
import { planPublished } from '../activities/plans/plan-published';
import { PublishedShelf } from '../activities/plans/published-shelf';
import type { LoadedDocument } from '../definitions/document';
import { loadText } from '../definitions/load';
import type { PublishedDefinition, Store } from '../platform/store/store';
import { scopeOfLabels } from '../workflows/domain/scope';
import { RequestError } from './api/errors';
import type { AppliedDefinition } from './api/schema';
import { checkDocuments } from './authoring/check';
import { neededFiles } from './authoring/needed-files';
import { knownChangeModels } from './change-models';
import { createDrafts, filesOf } from './drafts';
import type { CompileRequest, DefinitionSource, Publisher, Registry, ScopedBundle } from './registry';

/** Definitions in the store. */
export function createRegistry(store: Store): Registry {
  const shelf = new PublishedShelf(store);
  return {
    apply: (sources, by) => applySources({ store, shelf }, sources, by),
    compile: (request) => compilePublished(shelf, request),
    scopeOf: (request) => publishedScope(shelf, request),
    calendars: new PublishedCalendars(shelf),
    drafts: createDrafts(shelf),
    changeModels: () => knownChangeModels(shelf),
  };
}

interface Place {
  readonly store: Store;
  readonly shelf: PublishedShelf;
}

interface Draft {
  readonly document: LoadedDocument;
  readonly source: DefinitionSource;
}

async function applySources(
  place: Place,
  sources: readonly DefinitionSource[],
  by: Publisher,
): Promise<readonly AppliedDefinition[]> {
  const { store } = place;
  const drafts = await readDrafts(place, sources);
  refuseTwins(drafts);
  for (const { document } of drafts) await requirePermit(place, document, by);
  const versions = await Promise.all(drafts.map(({ document }) => versionOf(store, document)));
  const applied: AppliedDefinition[] = [];
  for (const [index, draft] of drafts.entries()) {
    const version = versions[index] ?? draft.document.metadata.version;
    applied.push(await publish(store, { draft, version }, by));
  }
  return applied;
}

/** What is published must be right: it is what runs start from when nobody looks. */
async function readDrafts({ shelf }: Place, sources: readonly DefinitionSource[]): Promise<readonly Draft[]> {
  const loaded = sources.map((source) => ({ source, ...loadText(source.name, source.text, { catalogue }) }));
  const { documents: published } = await shelf.documents();
  const files = new Map(
    loaded.flatMap(({ source, documents }) => documents.map(({ digest }) => [digest, filesOf(source)] as const)),
  );
  const given = {
    documents: loaded.flatMap(({ documents }) => documents),
    problems: loaded.flatMap(({ problems }) => problems),
  };
  const { problems } = checkDocuments(given, { tiers: [published, shelf.shipped], files });
  if (problems.length > 0) throw invalid('publish', problems);
  return loaded.flatMap(({ source, documents }) => documents.map((document) => ({ document, source })));
}

/**
 * By what the document says of itself, and by what is published under its name: nobody labels what is another's to be theirs. What
 * ships with the engine is everybody's: only who may publish anything puts something else in its place.
 */
async function requirePermit(
  { store, shelf }: Place,
  { kind, metadata }: LoadedDocument,
  { permit, permitOwner }: Publisher,
): Promise<void> {
  const { name, labels, owner } = metadata;
  permit?.(kind, scopeOfLabels(labels));
  if (owner !== undefined) permitOwner?.(kind, owner);
  const published = await store.definitions.get(kind, name);
  if (published === null) {
    if (shelf.shipped.some((shipped) => shipped.kind === kind && shipped.metadata.name === name)) permit?.(kind, {});
    return;
  }
  permit?.(kind, published.scope);
  const { owner: former } = Owned.parse(parse(published.text)).metadata;
  if (former !== undefined) permitOwner?.(kind, former);
}

/** What is needed of a published text. It was checked when it was published. */
const Owned = z.looseObject({ metadata: z.looseObject({ owner: z.string().exactOptional() }) });

/** Two texts for one thing in one request: nobody can tell which was meant. */
function refuseTwins(drafts: readonly Draft[]): void {
  const known = new Map<string, LoadedDocument>();
  for (const { document } of drafts) {
    const { kind, metadata } = document;
    const what = `${metadata.name} ${metadata.version}`;
    const twin = known.get(`${kind} ${what}`);
    if (twin !== undefined && twin.digest !== document.digest) {
      const message = `Cannot publish ${kind} "${what}": "${twin.file}" and "${document.file}" say different things`;
      throw new RequestError('VERSION_EXISTS', message);
    }
    known.set(`${kind} ${what}`, document);
  }
}

/** What a document that says no version has until it is published. */
const unversioned = '0.0.0';

/**
 * The version to publish under. Looked at for every document before the first is published, so that a conflict refuses all of them.
 * A document that says no version gets the next one whenever its text is another.
 */
async function versionOf(store: Store, document: LoadedDocument): Promise<string> {
  const { kind, digest } = document;
  const { name, version } = document.metadata;
  if (version !== unversioned) {
    const published = await store.definitions.get(kind, name, version);
    if (published !== null && published.digest !== digest) throw versionExists(kind, `${name} ${version}`);
    return version;
  }
  const newest = await store.definitions.get(kind, name);
  if (newest === null) return '0.0.1';
  if (newest.digest === digest) return newest.version;
  const [major = '0', minor = '0', patch = '0'] = newest.version.split('.');
  return `${major}.${minor}.${Number.parseInt(patch, 10) + 1}`;
}

async function publish(
  store: Store,
  { draft, version }: { readonly draft: Draft; readonly version: string },
  by: Publisher,
): Promise<AppliedDefinition> {
  const { kind, digest, text, metadata } = draft.document;
  const needed = neededFilesOf(draft);
  const files = Object.fromEntries(needed.map(({ name, bytes }) => [name, sha256(bytes)]));
  const definition: PublishedDefinition = { kind, name: metadata.name, version, digest, text, files };
  const result = await store.definitions.publish(
    definition,
    { actor: by.actor, via: by.via, at: Date.now() },
    needed.map(({ bytes }) => bytes),
  );
  if (result === 'VERSION_EXISTS') throw versionExists(kind, `${definition.name} ${version}`);
  return { kind, name: definition.name, version, digest, result };
}

/** What a step needs has been checked; a key that is only called `file` needs nothing. */
function neededFilesOf({ document, source }: Draft): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  const sent = filesOf(source);
  return [...neededFiles(document)].flatMap((name) => {
    const bytes = sent.get(name);
    return bytes === undefined ? [] : [{ name, bytes }];
  });
}

async function compilePublished(shelf: PublishedShelf, request: CompileRequest): Promise<ScopedBundle> {
  const planned = await planPublished(shelf, request);
  if (planned.ok) return { ...planned.bundle, scope: (await publishedScope(shelf, request)) ?? {} };
  if ('notFound' in planned) throw new RequestError('DEFINITION_NOT_FOUND', planned.notFound);
  throw invalid('plan', planned.problems);
}

function invalid(verb: string, problems: readonly { readonly message: string }[]): RequestError {
  const [first, ...others] = problems;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new RequestError(
    'DOCUMENT_INVALID',
    `Cannot ${verb}: ${first?.message ?? 'the documents have problems'}${more}`,
    {
      detail: { problems: z.array(z.json()).parse(JSON.parse(JSON.stringify(problems))) },
    },
  );
}

function versionExists(kind: string, what: string): RequestError {
  return new RequestError(
    'VERSION_EXISTS',
    `Cannot publish ${kind} "${what}": other text is published under this version`,
  );
}
