import type { LoadedDocument } from '../document';
import { makeProblem } from '../problems';
import type { ProblemCode } from '../problem-codes';
import type { DocumentPath, Problem, ProblemDetail } from '../problems';

/** A problem at a value. */
export function atValue(
  document: LoadedDocument,
  path: DocumentPath,
  of: ProblemDetail & { readonly code: ProblemCode },
): Problem {
  return makeProblem(of.code, { file: document.file, path, ...document.positionOf(path) }, of);
}

/** A problem at the key that names the last part of the path. */
export function atKey(
  document: LoadedDocument,
  path: DocumentPath,
  of: ProblemDetail & { readonly code: ProblemCode },
): Problem {
  return makeProblem(of.code, { file: document.file, path, ...document.keyPositionOf(path) }, of);
}

/** `the step "install"`, or `the step` where it has no id. */
export function stepName(step: object): string {
  return 'id' in step && typeof step.id === 'string' ? `the step "${step.id}"` : 'the step';
}
