import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { catalogue } from '../../activities/index';
import { checkRunbook } from '../../definitions/compile';
import type { FileReader } from '../../definitions/compile/session';
import type { LoadedDocument } from '../../definitions/document';
import { definitionFiles } from '../../definitions/library';
import { lintDocuments } from '../../definitions/lint';
import { sortProblems } from '../../definitions/problems';
import type { Problem } from '../../definitions/problems';
import { referenceProblems } from '../../definitions/references';
import type { ReferenceOptions } from '../../definitions/references';
import { readFileBeside } from './published';
import type { FilesOfDocuments } from './published';
import { readGiven, tiersAround } from './tiers';

export interface Checked {
  readonly documents: readonly LoadedDocument[];
  readonly problems: readonly Problem[];
}

/** Everything that can be told without inputs and inventory: all problems of all files at once. */
export function checkPaths(paths: readonly string[], options: { readonly library?: string } = {}): Checked {
  const given = readGiven([...new Set(paths.flatMap(definitionFiles))]);
  const [, ...tiers] = tiersAround(given, { beside: given.files, library: options.library });
  const isBeside = ({ file }: LoadedDocument, name: string): boolean => existsSync(join(dirname(file), name));
  return checkDocuments(given, { tiers, files: new Map(), isBeside });
}

export interface Around {
  /** They answer references that the documents leave open. */
  readonly tiers: readonly (readonly LoadedDocument[])[];
  /** Of documents that are not on this disk. */
  readonly files: FilesOfDocuments;
  /** Absent: the documents come from elsewhere, and nobody here can tell which files lie beside them. */
  readonly isBeside?: ReferenceOptions['isBeside'];
}

export function checkDocuments(given: Checked, around: Around): Checked {
  const linted = lintDocuments(given.documents, { catalogue });
  const documents = [given.documents, ...around.tiers];
  const files: FileReader = (document, name) => readFileBeside(around.files, document, name);
  const compiled = given.documents.flatMap((document) =>
    document.kind === 'Runbook' ? checkRunbook({ runbook: document, documents, catalogue, files }) : [],
  );
  const isBeside = around.isBeside ?? ((_document, name): boolean => /\.ya?ml$/i.test(name));
  const referred = given.documents.flatMap((document) => referenceProblems(document, { tiers: documents, isBeside }));
  const problems = sortProblems([...given.problems, ...linted, ...compiled, ...referred]);
  return { documents: given.documents, problems };
}
