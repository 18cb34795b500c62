import type { DefinitionKind } from '../definitions/document';
import type { Scope } from '../workflows/domain/authorization';
import type { Json } from '../workflows/domain/json';
import type { AppliedDefinition } from './api/schema';
import type { KnownChangeModel } from './change-models';
import type { Drafts } from './drafts';
import type { PublishedCalendars } from '../activities/plans/calendars';
import type { PlanBundle } from '../activities/plans/plan-bundle';

/** Published definitions: what may be started by name. */
export interface Registry {
  /** Publishes every document of the sources; one that is refused refuses them all. */
  apply(sources: readonly DefinitionSource[], by: Publisher): Promise<readonly AppliedDefinition[]>;
  /** The plan of a published runbook. */
  compile(request: CompileRequest): Promise<ScopedBundle>;
  /** What grants go by of the plan that it would be; null: no such runbook is published. */
  scopeOf(request: Pick<CompileRequest, 'definition' | 'inventory'>): Promise<Scope | null>;
  readonly calendars: Pick<PublishedCalendars, 'find' | 'list'>;
  readonly drafts: Drafts;
  changeModels(): Promise<readonly KnownChangeModel[]>;
}

export interface Publisher {
  readonly actor: string;
  readonly via: string;
  /** Throws where they may not publish documents of this kind and scope. Absent: they may. */
  readonly permit?: (kind: DefinitionKind, scope: Scope) => void;
  /** Throws where they may not publish them in the name of this owner, whose secrets they use. Absent: they may. */
  readonly permitOwner?: (kind: DefinitionKind, owner: string) => void;
}

export interface ScopedBundle extends PlanBundle {
  /** What grants go by. */
  readonly scope: Scope;
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
