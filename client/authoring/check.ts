import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { catalogue } from '../../activities/index';
import { checkRunbook } from '../../definitions/compile';
import type { FileReader } from '../../definitions/compile/session';
import type { LoadedDocument } from '../../definitions/document';
import { definitionFiles } from '../../definitions/library';
import { lintDocument } from '../../definitions/lint';
import { lintCalendarFile } from '../../definitions/lint/calendar';
import { lintTwins } from '../../definitions/lint/twins';
import type { LoadResult } from '../../definitions/load';
import { sortProblems } from '../../definitions/problems';
import type { Problem } from '../../definitions/problems';
import { referenceProblems } from '../../definitions/references';
import type { ReferenceOptions } from '../../definitions/references/named';
import { readFileBeside } from '../../activities/plans/published';
import type { FilesOfDocuments } from '../../activities/plans/published';
import { readGiven, tiersAround } from './tiers';

export interface Checked extends LoadResult {
  /** Documents that nothing is wrong with. */
  readonly sound: number;
}

/** Everything that can be told without inputs and inventory: all problems of all files at once. */
export function checkPaths(paths: readonly string[], options: { readonly library?: string } = {}): Checked {
  const given = readGiven([...new Set(paths.flatMap(definitionFiles))]);
  const [, ...tiers] = tiersAround(given, { beside: given.files, library: options.library });
  const isBeside = ({ file }: LoadedDocument, name: string): boolean => existsSync(join(dirname(file), name));
  return checkDocuments(given, { tiers, files: new Map(), isBeside, twins: lintTwins(given.documents) });
}

export interface Around {
  /** They answer references that the documents leave open. */
  readonly tiers: readonly (readonly LoadedDocument[])[];
  /** Of documents that are not on this disk. */
  readonly files: FilesOfDocuments;
  /** Absent: the documents come from elsewhere, and nobody here can tell which files lie beside them. */
  readonly isBeside?: ReferenceOptions['isBeside'];
  /** Absent: whoever asks tells of them in its own way. */
  readonly twins?: ReadonlyMap<LoadedDocument, Problem>;
}

export function checkDocuments(given: LoadResult, around: Around): Checked {
  const found = given.documents.map((document) => problemsOf(document, given.documents, around));
  return {
    documents: given.documents,
    sound: found.filter((problems) => problems.length === 0).length,
    problems: sortProblems([...given.problems, ...found.flat()]),
  };
}

function problemsOf(document: LoadedDocument, given: readonly LoadedDocument[], around: Around): readonly Problem[] {
  const tiers = [given, ...around.tiers];
  const files: FileReader = (from, name) => readFileBeside(around.files, from, name);
  const isBeside = around.isBeside ?? ((_document, name): boolean => /\.ya?ml$/i.test(name));
  const twin = around.twins?.get(document);
  const linted = [...lintDocument(document, { catalogue }), ...(twin === undefined ? [] : [twin])];
  const compiled =
    document.kind === 'Runbook' ? checkRunbook({ runbook: document, documents: tiers, catalogue, files }) : [];
  const besides = document.kind === 'Calendar' ? lintCalendarFile(document, files) : [];
  return [
    ...linted,
    ...withoutEchoes(compiled, linted),
    ...besides,
    ...referenceProblems(document, { tiers, isBeside }),
  ];
}

/** The compiler, which also works for documents that nobody linted, finds some things once more and in other words. */
function withoutEchoes(compiled: readonly Problem[], linted: readonly Problem[]): readonly Problem[] {
  const placeOf = ({ code, file, path }: Problem): string => `${code} ${file} ${path}`;
  const told = new Set(linted.map(placeOf));
  return compiled.filter((problem) => !told.has(placeOf(problem)));
}
