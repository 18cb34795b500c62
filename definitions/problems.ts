import { problemCodes } from './problem-codes';
import type { ProblemCode } from './problem-codes';

/** Where something stands: lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type DocumentPath = readonly (string | number)[];

/** One thing that is wrong with what an author wrote. Never thrown: all problems of all files are told at once. */
export interface Problem extends Position {
  /** One of `problemCodes`. */
  readonly code: string;
  readonly file: string;
  /** `spec.steps[2].exec[0]` */
  readonly path: string;
  /** Cannot <verb> <object>: <state found> */
  readonly message: string;
  readonly found: string | null;
  readonly accepted: readonly string[];
  readonly nearest: string | null;
  readonly hint: string;
}

export interface ProblemDetail {
  readonly message: string;
  readonly found?: string | null;
  readonly accepted?: readonly string[];
  readonly nearest?: string | null;
  readonly hint?: string;
}

export interface ProblemPlace extends Position {
  readonly file: string;
  readonly path: DocumentPath;
}

export function makeProblem(code: ProblemCode, place: ProblemPlace, detail: ProblemDetail): Problem {
  return {
    code,
    file: place.file,
    line: place.line,
    column: place.column,
    path: pathText(place.path),
    message: detail.message,
    found: detail.found ?? null,
    accepted: detail.accepted ?? [],
    nearest: detail.nearest ?? null,
    hint: detail.hint ?? problemCodes[code],
  };
}

/** Of one document. Nobody reads more, and each costs time: what it is near to, where it stands. */
export const problemLimit = 1_000;

export function pathText(path: DocumentPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${quoteFound(part)}]`;
  }
  return text;
}

/** By file, then position; exact repeats are dropped. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const sorted = [...problems].sort(compareProblems);
  return sorted.filter((problem) => {
    const key = JSON.stringify([
      problem.file,
      problem.line,
      problem.column,
      problem.code,
      problem.path,
      problem.message,
    ]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** One line, as compilers print it. */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const nearest = problem.nearest === null ? '' : `; did you mean "${problem.nearest}"?`;
  return `${place} ${problem.code} ${problem.message}${nearest}`;
}

const foundLimit = 60;

/** A value as messages show it: quoted, on one line, short. */
export function quoteFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= foundLimit ? text : `${text.slice(0, foundLimit)}…"`;
}

/** The known word that was probably meant: close by edits, or the same but for case, `-` and `_`. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  if (word.length > 64) return null;
  for (const candidate of known) {
    const distance = plain(candidate) === plain(word) ? 0.5 : editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  const allowed = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  return bestDistance <= allowed ? best : null;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/** Insertions, deletions, replacements, and swaps of neighbours. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const replaced = at(last, column - 1) + (same ? 0 : 1);
      let cost = Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1);
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

function compareProblems(left: Problem, right: Problem): number {
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return (
    left.line - right.line ||
    left.column - right.column ||
    (left.code < right.code ? -1 : left.code > right.code ? 1 : 0)
  );
}
