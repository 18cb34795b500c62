/** Where something stands in a document: keys and indices from its root. */
export type Path = readonly (string | number)[];

/** An authoring error, placed in a document; the caller turns the path into file, line and column. */
export interface CompileProblem {
  readonly code: string;
  readonly message: string;
  /** `Runbook nginx-rolling-upgrade`: which of the documents. */
  readonly document: string;
  readonly path: Path;
  /** Characters into the text at the path. */
  readonly offset?: number;
  readonly found?: string;
  readonly accepted?: readonly string[];
}

/** Collects every problem of a compilation, each once. */
export class Problems {
  readonly #found = new Map<string, CompileProblem>();

  add(problem: CompileProblem): void {
    const key = JSON.stringify([problem.code, problem.document, problem.path, problem.offset ?? 0, problem.message]);
    if (!this.#found.has(key)) this.#found.set(key, problem);
  }

  get count(): number {
    return this.#found.size;
  }

  get list(): readonly CompileProblem[] {
    return [...this.#found.values()];
  }
}
