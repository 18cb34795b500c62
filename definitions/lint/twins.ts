import type { LoadedDocument } from '../document';
import type { Problem } from '../problems';
import { atValue } from './note';

/** Two texts for one thing: nobody can tell which was meant, and only one of them can be published. Told of the later one. */
export function lintTwins(documents: readonly LoadedDocument[]): ReadonlyMap<LoadedDocument, Problem> {
  const known = new Map<string, LoadedDocument>();
  const problems = new Map<LoadedDocument, Problem>();
  for (const document of documents) {
    const { kind, metadata } = document;
    const found = `${metadata.name} ${metadata.version}`;
    const twin = known.get(`${kind} ${found}`);
    if (twin === undefined) known.set(`${kind} ${found}`, document);
    if (twin === undefined || twin.digest === document.digest) continue;
    const { line } = twin.positionOf(['metadata']);
    const message = `Cannot tell which ${kind} "${found}" is meant: "${twin.file}" has another one in line ${line}`;
    const path = ['metadata', 'version'];
    problems.set(document, atValue(document, path, { code: 'DUPLICATE_DEFINITION', message, found }));
  }
  return problems;
}
