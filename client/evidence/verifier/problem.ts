/** What does not fit, and where. */
export interface EvidenceProblem {
  /** Line of the file; null: of no one line. */
  readonly line: number | null;
  /** Of the journal's entry that it is about; null: it is about none. */
  readonly seq: number | null;
  readonly kind: ProblemKind;
  readonly message: string;
}

export type ProblemKind =
  'unreadable' | 'changed' | 'missing' | 'added' | 'reordered' | 'unsigned' | 'unexplained' | 'contradiction';

export function problem(
  kind: ProblemKind,
  message: string,
  { line = null, seq = null }: { readonly line?: number | null; readonly seq?: number | null } = {},
): EvidenceProblem {
  return { line, seq, kind, message };
}

export function placeOf({ line, seq }: EvidenceProblem): string {
  if (seq !== null) return `entry ${seq}`;
  return line === null ? 'file' : `line ${line}`;
}
