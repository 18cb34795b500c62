import { catalogue } from '../index';
import { readBeside } from '../../definitions/compile/files';
import type { Found } from '../../definitions/compile/session';
import type { LoadedDocument } from '../../definitions/document';
import { loadText } from '../../definitions/load';
import type { PublishedDefinition } from '../../platform/store/store';

/** Files that lie beside documents, by the digest of the document's text. */
export type FilesOfDocuments = ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;

/** Documents that are not on this disk, with what was published beside them. */
export interface PublishedDocuments {
  readonly documents: readonly LoadedDocument[];
  readonly files: FilesOfDocuments;
}

export const nothingPublished: PublishedDocuments = { documents: [], files: new Map() };

/** With the definition that it belongs to. */
export type BlobReader = (digest: string, of: PublishedDefinition) => Promise<Uint8Array>;

export async function readPublished(
  definitions: readonly PublishedDefinition[],
  blob: BlobReader,
): Promise<PublishedDocuments> {
  const files = new Map<string, ReadonlyMap<string, Uint8Array>>();
  for (const definition of definitions) files.set(definition.digest, await readFiles(definition, blob));
  return { documents: definitions.flatMap(readDocuments), files };
}

async function readFiles(definition: PublishedDefinition, blob: BlobReader): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = Object.entries(definition.files);
  return new Map(
    await Promise.all(entries.map(async ([name, digest]) => [name, await blob(digest, definition)] as const)),
  );
}

/** A document that says no version has the one that it was published under. */
function readDocuments({ kind, name, version, text }: PublishedDefinition): readonly LoadedDocument[] {
  const { documents } = loadText(`published ${kind} ${name}@${version}`, text, { catalogue });
  return documents.map((document) => ({ ...document, metadata: { ...document.metadata, version } }));
}

/** The compiler names a document by its file and the digest of its text. What came along with a text is never looked for on the disk. */
export function readFileBeside(files: FilesOfDocuments, document: string, name: string): Found<Uint8Array> {
  const separator = document.lastIndexOf('#');
  const published = files.get(document.slice(separator + 1));
  if (published === undefined) return readBeside(document.slice(0, separator), name);
  const value = published.get(name);
  if (value !== undefined) return { ok: true, value };
  const message = `Cannot use the file "${name}": it was not published with the document`;
  return { ok: false, code: 'FILE_UNREADABLE', message };
}
