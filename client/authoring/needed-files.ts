import type { LoadedDocument } from '../../definitions/document';

/** Names of files that a document takes from beside it: a runbook's steps, a calendar's iCalendar text. */
export function neededFiles(document: LoadedDocument): readonly string[] {
  if (document.kind === 'Calendar') return document.spec.ical?.file === undefined ? [] : [document.spec.ical.file];
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
