import type { LoadedDocument } from '../../definitions/document';
import { definitionFiles, shippedLibrary } from '../../definitions/library';
import { loadFiles } from '../../definitions/load';
import { catalogue } from '../index';

/** Runbooks that come with the package. */
export function shippedDocuments(): readonly LoadedDocument[] {
  const folder = shippedLibrary();
  return folder === null ? [] : loadFiles(definitionFiles(folder), { catalogue }).documents;
}
