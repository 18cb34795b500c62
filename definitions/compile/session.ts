import type { Catalogue } from '../../activities/connector';
import type { ConnectionPlan, Due, PolicyRule } from '../../workflows/runbook/plan';
import type { Runbook } from '../../workflows/runbook/schema';
import type { Compilers } from './compilers';
import type { InventoryView } from './inventory-view';
import type { Problems } from './problems';
import type { TargetSets } from './target-sets';

/** What a compilation needs from outside; the caller reads documents, inventories and files. */
export interface Surroundings {
  readonly catalogue: Catalogue;
  runbook(reference: string): Found<RunbookDocument>;
  policy(reference: string): Found<PolicyDocument>;
  connection(name: string): Found<ConnectionPlan>;
  readonly file: FileReader;
}

export interface PolicyDocument {
  readonly rule: PolicyRule;
  /** Of calendar days in `due`. */
  readonly zone: string;
  /** When answers are due, where the step does not say. */
  readonly respondWithin: Due;
}

/** Bytes of a file beside a document, which is named `<file>#<digest>`. */
export type FileReader = (document: string, name: string) => Found<Uint8Array>;

export type Found<T> = { readonly ok: true; readonly value: T } | Missing;

export interface Missing {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly accepted?: readonly string[];
}

/** A runbook with what its text says about it. */
export interface RunbookDocument {
  /** Tells its problems from those of other documents. */
  readonly document: string;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly owner: string;
  /** SHA-256 of the definition's text. */
  readonly digest: string;
  readonly spec: Runbook;
}

/** State of one compilation, shared by all its runbooks. */
export interface Session {
  readonly compilers: Compilers;
  readonly surroundings: Surroundings;
  readonly problems: Problems;
  /** Null: none is at hand. */
  readonly inventory: InventoryView | null;
  readonly limit: ReadonlySet<string> | null;
  readonly sets: TargetSets;
  readonly files: Map<string, Uint8Array>;
  readonly used: { readonly labels: Set<string>; readonly hostVars: Set<string>; groups: boolean };
}
