import type { PathTemplate, Phase } from './effect-path';
import type { Json } from './json';
import type { Scope } from './value';

/**
 * What the interpreter asks a worker to do: one operation of one step, on a batch of hosts or once on the worker.
 * It carries names, not data: the worker loads the plan by digest, finds the step by its address, renders it for each host,
 * writes a row for each host and answers with characters (D5).
 */
export interface OperationRequest {
  readonly operation: string;
  readonly installation: string;
  readonly runId: string;
  readonly planDigest: string;
  /** `Step.at`, `UndoPlan.at` or `GateMetric.at`. */
  readonly at: string;
  readonly path: PathTemplate;
  readonly phase: Phase;
  readonly generation: number;
  /** Absent: once, on the worker. At most 100 indices, in order. */
  readonly hosts?: { readonly set: string; readonly indices: readonly number[] };
  readonly parallel: number;
  /** Start no further host once this many of the batch have failed; null: go on. */
  readonly stopAfterFailures: number | null;
  /** Values of the names that the step's expressions read, apart from `host` and the rows of its own hosts. */
  readonly scope: Scope;
  /** `run --check`: log in, test `as`, execute only reads and probes. */
  readonly check?: boolean;
}

export interface OperationReply {
  /** One `StatusCode` for each requested host in order, or one for the worker: `s f k u c n`. */
  readonly statuses: string;
  /** `1` where the target was changed, `0` where not, in the same order. */
  readonly changed: string;
  /** Why, grouped by code; at most ten groups, every failed or unknown position is in one. */
  readonly failures: readonly FailureGroup[];
  /** Fields of the record that expressions read (`Step.keep`): only where there was one host, or the worker. */
  readonly record: { readonly [field: string]: Json };
  /** SHA-256 over the canonical rows: the journal entry of the step carries it. */
  readonly digest: string;
}

export interface FailureGroup {
  readonly code: string;
  /** Of the first host of the group. */
  readonly message: string;
  /** Positions in the request, not host indices. */
  readonly positions: readonly number[];
}

/** Kill what a batch left running; answers once it is confirmed (D2). */
export interface CancelRequest extends OperationRequest {
  readonly graceMs: number;
}

export interface CancelReply {
  /** `s` or `f` it had finished, `c` it was killed, `u` nobody can tell, `n` it had never started. */
  readonly statuses: string;
}
