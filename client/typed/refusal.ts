import { z } from 'zod';

import { Problem } from '../api/schema';

/** What the API refused, with its own words. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly code: string;
  readonly hint: string;
  /** Of the HTTP answer. */
  readonly status: number;
  /** Under which the log of the API tells more. */
  readonly requestId: string | null;
  /** Problems of documents, one line each; for most refusals there are none. */
  readonly lines: readonly string[];
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.code = refusal.code;
    this.hint = refusal.hint;
    this.status = refusal.status;
    this.requestId = refusal.requestId;
    this.lines = refusal.lines;
  }
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly lines: readonly string[];
}

/** By shape: errors cross realms. */
export function isApiRefusal(error: unknown): error is ApiRefusal {
  return error instanceof Error && error.name === 'ApiRefusal' && 'hint' in error;
}

export function refusalOf(body: unknown, status: number): ApiRefusal {
  const problem = Problem.safeParse(body);
  if (!problem.success) {
    const message = `Cannot use the answer of the engine: HTTP status ${status}`;
    const hint = 'Look at the log of the API.';
    return new ApiRefusal({ code: 'INTERNAL', message, hint, status, requestId: null, lines: [] });
  }
  const { code, detail, hint, requestId, problems } = problem.data;
  const told = Problems.safeParse(problems);
  const lines = told.success ? told.data.map(problemLine) : [];
  return new ApiRefusal({ code, message: detail, hint, status, requestId, lines });
}

const DocumentProblem = z.looseObject({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  code: z.string(),
  message: z.string(),
});

/** Of documents, or in words. */
const Problems = z.array(z.union([DocumentProblem, z.string()]));

function problemLine(found: z.infer<typeof Problems>[number]): string {
  if (typeof found === 'string') return found;
  return `${found.file}:${found.line}:${found.column} ${found.code} ${found.message}`;
}
