import { parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';

import { loadText } from '../../definitions/load';
import type { Problem } from '../../definitions/problems';

export type Formatted =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The one layout of a text: indent 2, no folding, comments and anchors kept. What it means is the same before and after. */
export function formatText(name: string, text: string): Formatted {
  const before = loadText(name, text);
  if (before.problems.length > 0) return { ok: false, problems: before.problems };
  const parsed = parseAllDocuments(text);
  const documents = Array.isArray(parsed) ? parsed : [];
  const formatted = documents.map(layoutOf).join('');
  // A layout that reads differently is not taken: some scalars keep their meaning only as they were written.
  return { ok: true, text: meaningOf(name, formatted) === meaningOf(name, text) ? formatted : text };
}

function layoutOf(document: Document.Parsed, index: number): string {
  const text = document.toString({ indent: 2, lineWidth: 0, flowCollectionPadding: false, singleQuote: true });
  return index === 0 || document.directives.docStart === true ? text : `---\n${text}`;
}

function meaningOf(name: string, text: string): string {
  const { documents, problems } = loadText(name, text);
  return JSON.stringify([documents.map(({ kind, metadata, spec }) => [kind, metadata, spec]), problems.length]);
}
