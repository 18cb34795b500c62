import type { JsonObject } from '../../workflows/domain/json';
import type { Expression, SecretReference } from '../../workflows/domain/value';
import type { Reads } from '../../workflows/runbook/plan';
import type { Runbook } from '../../workflows/runbook/schema';
import type { HostFieldsRead } from './inventory-view';
import type { Path } from './problems';
import type { Missing, Session } from './session';

/** One runbook being compiled: the root, or one that is embedded. */
export interface Unit {
  readonly session: Session;
  readonly name: string;
  readonly owner: string;
  readonly spec: Runbook;
  /** Labels and variables of hosts that it reads. */
  readonly read: HostFieldsRead;
  /** Before every address: empty for the root, `restore>` for what the step `restore` embeds. */
  readonly prefix: string;
  /** False: expressions are looked at only. What they would read is not given, or was found wrong: their values would be echoes of that. */
  readonly evaluates: boolean;
  /** Parsed inputs, hosts in full. */
  readonly inputs: JsonObject;
  /** Inputs that are decided while the run goes on. */
  readonly late: ReadonlySet<string>;
  readonly secretInputs: ReadonlyMap<string, SecretReference>;
  readonly secrets: Map<string, SecretReference>;
  readonly vars: JsonObject;
  /** Ids that the runbook declares anywhere, for "not yet" instead of "unknown". */
  readonly ids: ReadonlySet<string>;
  /** Names of the runbooks around it, to find cycles. */
  readonly stack: readonly string[];
  /** What its run-time expressions need. */
  readonly used: UsedAtRunTime;
}

export interface UsedAtRunTime {
  readonly vars: Set<string>;
  readonly connections: Set<string>;
  /** Fields of each step's record that are read. */
  readonly fields: Map<string, Set<string>>;
  inventory: boolean;
}

/** A step as later expressions see it. */
export interface VisibleStep {
  readonly inBody: boolean;
  /** Null: any; the step itself has a problem. */
  readonly fields: readonly string[] | null;
  /** It captures a secret: what it printed stands where secrets may, and nowhere else. */
  readonly secret?: boolean;
  /** What is read of each of its hosts from outside of its body. */
  readonly hosts?: HostRecord;
}

export interface HostRecord {
  readonly fields: readonly string[];
  /** Steps of the body; absent: there is none. */
  readonly steps?: ReadonlyMap<string, VisibleStep>;
}

/** What an expression at some place may name. */
export interface LexicalScope {
  readonly steps: ReadonlyMap<string, VisibleStep>;
  /** `host`, `delegate`, `wave`, `result`, `error`, `event`, `index`, and items of loops by their declared names. */
  readonly names: ReadonlySet<string>;
  /** The rollout around it. */
  readonly body: Body | null;
}

export interface Body {
  readonly set: string;
  readonly hosts: readonly string[];
  /** Per-host conditions of the groups around, which each step takes over. */
  readonly conditions: readonly Expression[];
}

/** A place in a document together with what an expression there may name. */
export interface Site {
  readonly unit: Unit;
  readonly document: string;
  readonly path: Path;
  readonly scope: LexicalScope;
  readonly reads: ReadsCollector;
}

/** Gathers what the kept expressions of one step read. */
export class ReadsCollector {
  readonly names = new Set<string>();
  readonly steps = new Set<string>();
  readonly hostSteps = new Set<string>();

  result(): Reads {
    const names = [...this.names].filter((name) => !suppliedByWorker.has(name));
    return { names: names.sort(), steps: [...this.steps].sort(), hostSteps: [...this.hostSteps].sort() };
  }
}

/** The worker has these at hand when it evaluates; they never travel in a scope. */
const suppliedByWorker: ReadonlySet<string> = new Set(['host', 'delegate', 'result']);

/** The place of a field below this one. */
export function below(site: Site, ...keys: Path): Site {
  return { ...site, path: [...site.path, ...keys] };
}

export function withScope(site: Site, scope: Partial<LexicalScope>): Site {
  return { ...site, scope: { ...site.scope, ...scope } };
}

export function withNames(site: Site, ...names: readonly string[]): Site {
  return withScope(site, { names: new Set([...site.scope.names, ...names]) });
}

/** A site that gathers reads of its own. */
export function fresh(site: Site): Site {
  return { ...site, reads: new ReadsCollector() };
}

export interface Report {
  readonly code: string;
  readonly message: string;
  readonly offset?: number;
  readonly found?: string;
  readonly accepted?: readonly string[];
}

export function report(site: Site, problem: Report): void {
  site.unit.session.problems.add({ ...problem, document: site.document, path: site.path });
}

/** A reference that leads nowhere, told where it stands. */
export function reportMissing(site: Site, missing: Missing, reference: string): void {
  const { code, message, accepted } = missing;
  report(site, { code, message, found: reference, ...(accepted === undefined ? {} : { accepted }) });
}

/** A value together with the place where an author wrote it: defaults stand elsewhere than the step that takes them. */
export interface Placed<T> {
  readonly value: T;
  readonly path: Path;
  readonly document: string;
}

export function placed<T>(site: Site, value: T, ...keys: Path): Placed<T> {
  return { value, path: [...site.path, ...keys], document: site.document };
}

/** The step's site, moved to where a value was written. */
export function siteOf(site: Site, { path, document }: Placed<unknown>): Site {
  return { ...site, path, document };
}
