import { existsSync } from 'node:fs';

import { catalogue } from '../../activities/index';
import { shippedDocuments } from '../../activities/plans/shipped';
import type { LoadedDocument } from '../../definitions/document';
import { definitionFiles, filesBeside } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { loadFiles } from '../../definitions/load';
import type { LoadResult } from '../../definitions/load';

/** Files that somebody named, read. */
export interface Given extends LoadResult {
  readonly files: readonly string[];
}

export function readGiven(files: readonly string[]): Given {
  return { files, ...loadFiles(files, { catalogue }) };
}

export interface Around {
  /** Whose neighbours count as given. */
  readonly beside: readonly string[];
  /** `--library`. */
  readonly library: string | undefined;
  readonly published?: readonly LoadedDocument[];
}

/** What references may resolve to, in order of precedence. What is wrong in files that nobody named is nobody's concern here. */
export function tiersAround({ documents, files }: Given, { beside, library, published }: Around): Tiers {
  const neighbours = [...new Set(beside.filter((file) => existsSync(file)).flatMap(filesBeside))];
  return [
    documents,
    readFree(neighbours.filter((file) => !files.includes(file))),
    library === undefined ? [] : readFree(definitionFiles(library)),
    published ?? [],
    shippedDocuments(),
  ];
}

function readFree(files: readonly string[]): readonly LoadedDocument[] {
  return loadFiles(files, { catalogue }).documents;
}
