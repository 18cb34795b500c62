import { existsSync } from 'node:fs';

import { catalogue } from '../../activities/index';
import { checkRunbook } from '../../definitions/compile';
import type { LoadedDocument } from '../../definitions/document';
import { definitionFiles, filesBeside } from '../../definitions/library';
import { lintDocuments } from '../../definitions/lint';
import { loadFiles } from '../../definitions/load';
import { sortProblems } from '../../definitions/problems';
import type { Problem } from '../../definitions/problems';
import { shippedDocuments } from './plan';
import { readFileBeside } from './published';
import type { FilesOfDocuments } from './published';

export interface Checked {
  readonly documents: readonly LoadedDocument[];
  readonly problems: readonly Problem[];
}

/** Everything that can be told without inputs and inventory: all problems of all files at once. */
export function checkPaths(paths: readonly string[], options: { readonly library?: string } = {}): Checked {
  const files = [...new Set(paths.flatMap(definitionFiles))];
  const given = loadFiles(files, { catalogue });
  const neighbours = [...new Set(files.filter((file) => existsSync(file)).flatMap(filesBeside))].filter(
    (file) => !files.includes(file),
  );
  const library = options.library === undefined ? [] : definitionFiles(options.library);
  const around = [neighbours, library].map((tier) => loadFiles(tier, { catalogue }).documents);
  return checkDocuments(given, { tiers: [...around, shippedDocuments()], files: new Map() });
}

export interface Around {
  /** They answer references that the documents leave open. */
  readonly tiers: readonly (readonly LoadedDocument[])[];
  /** Of documents that are not on this disk. */
  readonly files: FilesOfDocuments;
}

export function checkDocuments(given: Checked, around: Around): Checked {
  const linted = lintDocuments(given.documents, { catalogue });
  const documents = [given.documents, ...around.tiers];
  function files(document: string, name: string): Uint8Array | null {
    return readFileBeside(around.files, document, name);
  }
  const compiled = given.documents.flatMap((document) =>
    document.kind === 'Runbook' ? checkRunbook({ runbook: document, documents, catalogue, files }) : [],
  );
  return { documents: given.documents, problems: sortProblems([...given.problems, ...linted, ...compiled]) };
}
