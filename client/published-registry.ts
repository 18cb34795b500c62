import type { LoadedDocument } from '../definitions/document';
import type { PublishedDefinition, Store } from '../platform/store/store';
import { RequestError } from './api/errors';
import type { AppliedDefinition } from './api/schema';
import { readText } from './authoring/documents';
import type { SourceDocument, Sources } from './authoring/documents';
import { filesInMemory } from './authoring/files-beside';
import { neededFiles } from './authoring/needed-files';
import type { Registry, DefinitionSource } from './registry';
import { sha256 } from './plan-bundle';

export function createRegistry(store: Store): Registry {
  return {
    apply: (sources, by) => applySources(store, sources, by),
  };
}

interface Publisher {
  readonly actor: string;
  readonly via: string;
}

async function applySources(store: Store, sources: readonly DefinitionSource[], by: Publisher): Promise<readonly AppliedDefinition[]> {
  const read = sources.map(readSource);
  const problems = read.flatMap((source) => source.problems);
  if (problems.length > 0) {
    const [first] = problems;
    throw new RequestError('DOCUMENT_INVALID', `Cannot publish: ${first?.message ?? 'the documents have problems'}`, {
      detail: { problems: problems.map((problem) => ({ ...problem })) },
    });
  }
  const documents = read.flatMap((source) => source.documents);
  const versioned = await Promise.all(documents.map((source) => versionOf(store, source.document)));
  const applied: AppliedDefinition[] = [];
  for (const [index, source] of documents.entries()) {
    const version = versioned[index] ?? source.document.metadata.version;
    applied.push(await publish(store, { source, version }, by));
  }
  return applied;
}

function readSource(source: DefinitionSource): Sources {
  const files = Object.entries(source.files).map(([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))] as const);
  return readText(source.name, source.text, filesInMemory(new Map(files)));
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
  if (version === unversioned) {
    const newest = await store.definitions.get(kind, name);
    if (newest === null || newest.digest === digest) return newest?.version ?? '0.0.1';
    const [major, minor, patch] = newest.version.split('.');
    return `${major}.${minor}.${Number.parseInt(patch ?? '0', 10) + 1}`;
  }
  const published = await store.definitions.get(kind, name, version);
  if (published !== null && published.digest !== digest) throw versionExists(kind, `${name} ${version}`);
  return version;
}

async function publish(store: Store, what: { readonly source: SourceDocument; readonly version: string }, by: Publisher): Promise<AppliedDefinition> {
  const { document } = what.source;
  const { kind, digest, text } = document;
  const definition: PublishedDefinition = { kind, name: document.metadata.name, version: what.version, digest, text, files: await storeFiles(store, what.source) };
  const result = await store.definitions.publish(definition, { ...by, at: Date.now() });
  if (result === 'VERSION_EXISTS') throw versionExists(kind, `${definition.name} ${definition.version}`);
  return { kind, name: definition.name, version: definition.version, digest, result };
}

async function storeFiles(store: Store, source: SourceDocument): Promise<PublishedDefinition['files']> {
  const files: Record<string, string> = {};
  for (const name of neededFiles(source.document)) {
    const read = source.files.read(name);
    if (!read.ok) throw new RequestError('DOCUMENT_INVALID', read.message);
    files[name] = await store.blobs.put(read.value);
  }
  return files;
}

function versionExists(kind: string, what: string): RequestError {
  return new RequestError('VERSION_EXISTS', `Cannot publish ${kind} "${what}": other text is published under this version`);
}
