import type { ProblemCode } from '../problem-codes';
import type { DocumentPath } from '../problems';
import type { Zone } from './zone';

/** What is wrong in a calendar beyond its shape; the path leads from `spec`. */
export interface CalendarProblem {
  readonly path: DocumentPath;
  readonly code: ProblemCode;
  readonly message: string;
  readonly found?: string;
  readonly hint?: string;
}

/** Gathers problems while events are read: all of them are told at once. */
export interface Reading {
  readonly zone: Zone;
  readonly problems: CalendarProblem[];
}

export function note(
  { problems }: Pick<Reading, 'problems'>,
  path: DocumentPath,
  of: Omit<CalendarProblem, 'path' | 'code'> & { readonly code?: ProblemCode },
): void {
  problems.push({ code: 'INVALID_VALUE', ...of, path });
}
