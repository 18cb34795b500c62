import type { PublishedDefinition } from '../../platform/store/store';
import { readText } from './documents';
import type { SourceDocument } from './documents';
import { filesInMemory } from './files-beside';

export type BlobReader = (digest: string) => Promise<Uint8Array>;

/** Published definitions as documents, with the files that were published beside them. */
export async function readPublished(definitions: readonly PublishedDefinition[], blob: BlobReader): Promise<readonly SourceDocument[]> {
  const read = await Promise.all(definitions.map((definition) => readOne(definition, blob)));
  return read.flat();
}

async function readOne(definition: PublishedDefinition, blob: BlobReader): Promise<readonly SourceDocument[]> {
  const { kind, name, version, text } = definition;
  const files = await Promise.all(
    Object.entries(definition.files).map(async ([file, digest]) => [file, await blob(digest)] as const),
  );
  const { documents } = readText(`published ${kind} ${name}@${version}`, text, filesInMemory(new Map(files)));
  return documents.map((source) => ({ ...source, document: withVersion(source.document, version) }));
}

/** A document that says no version has the one that it was published under. */
function withVersion(document: SourceDocument['document'], version: string): SourceDocument['document'] {
  return { ...document, metadata: { ...document.metadata, version } };
}
