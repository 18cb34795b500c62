import type { LoadedDocument } from '../../definitions/document';

/** Names of files that a runbook's steps take from beside the document. */
export function neededFiles(document: LoadedDocument): readonly string[] {
  return document.kind === 'Runbook'
    ? [...new Set([...filesIn(document.spec.steps), ...filesIn(document.spec.finally)])].sort()
    : [];
}

/** `file: name` in any place of a step; a name that is made by an expression is none that can be sent along. */
function* filesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'file' && typeof inner === 'string' && !inner.includes('${{')) yield inner;
    else yield* filesIn(inner);
  }
}
