import type { Json } from '../workflows/domain/json';
import type { AppliedDefinition } from './api/schema';
import type { PublishedCalendars } from '../activities/plans/calendars';
import type { PlanBundle } from '../activities/plans/plan-bundle';

/** Published definitions: what may be started by name. */
export interface Registry {
  /** Publishes every document of the sources; one that is refused refuses them all. */
  apply(
    sources: readonly DefinitionSource[],
    by: { readonly actor: string; readonly via: string },
  ): Promise<readonly AppliedDefinition[]>;
  /** The plan of a published runbook. */
  compile(request: CompileRequest): Promise<PlanBundle>;
  readonly calendars: Pick<PublishedCalendars, 'find' | 'list'>;
}

/** One YAML text, possibly of several documents, and the files that lie beside it. */
export interface DefinitionSource {
  readonly name: string;
  readonly text: string;
  /** By relative name, in base64. */
  readonly files: { readonly [name: string]: string };
}

export interface CompileRequest {
  /** `name` or `name@version`. */
  readonly definition: string;
  readonly inputs: { readonly [name: string]: Json };
  /** Name of a published inventory; absent: the only one there is. */
  readonly inventory?: string;
  readonly limit?: readonly string[];
}
