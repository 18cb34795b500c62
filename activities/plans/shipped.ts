import type { LoadedDocument } from '../../definitions/document';
import { definitionFiles, shippedLibrary } from '../../definitions/library';
import { loadFiles } from '../../definitions/load';
import { catalogue } from '../index';

let read: readonly LoadedDocument[] | null = null;

/** Runbooks that come with the package: as long as the process lives they are the same, and reading them takes a second. */
export function shippedDocuments(): readonly LoadedDocument[] {
  read ??= readShipped();
  return read;
}

function readShipped(): readonly LoadedDocument[] {
  const folder = shippedLibrary();
  return folder === null ? [] : loadFiles(definitionFiles(folder), { catalogue }).documents;
}
