import type { JsonObject } from '../../workflows/domain/json';
import type { Program, Step } from '../../workflows/runbook/plan';
import type { Step as AuthoredStep } from '../../workflows/runbook/steps/schema';
import type { EffectiveDefaults } from './defaults';
import type { RunbookDocument, Session } from './session';
import type { HostRecord, Site, VisibleStep } from './site';

/** Steps hold steps, and steps hold runbooks: what is needed further down comes with the session, so that no module needs itself. */
export interface Compilers {
  steps(site: Site, authored: readonly AuthoredStep[], within: Within): CompiledSteps;
  step(site: Site, authored: AuthoredStep, within: Within & { readonly index: number }): CompiledStep;
  program(request: ProgramRequest): Program;
}

export interface Within {
  readonly defaults: EffectiveDefaults;
  /** Address of the container, empty for the runbook itself. */
  readonly parent: string;
}

export interface CompiledSteps {
  readonly steps: readonly Step[];
  /** What is visible after them. */
  readonly visible: ReadonlyMap<string, VisibleStep>;
}

/** One compiled step (null: a problem was reported) and what it lets later steps see. */
export interface CompiledStep {
  readonly step: Step | null;
  readonly visible: ReadonlyMap<string, VisibleStep>;
}

export interface CompiledVerb {
  readonly step: Step;
  /** Fields of its record. */
  readonly fields: readonly string[];
  /** What it prints is a secret. */
  readonly secret?: boolean;
  readonly hosts?: HostRecord;
  /** Steps inside it that later ones may read; absent: none. */
  readonly visible?: ReadonlyMap<string, VisibleStep>;
}

export interface ProgramRequest {
  readonly session: Session;
  readonly runbook: RunbookDocument;
  readonly inputs: JsonObject;
  /** False: a check. Expressions are looked at but not evaluated, since inputs and inventory are not given. */
  readonly evaluates: boolean;
  /** Inputs that are decided while the run goes on. */
  readonly late: ReadonlySet<string>;
  /** Of those: known with the plan, though not in a mere check. */
  readonly undecided?: ReadonlySet<string>;
  readonly prefix: string;
  readonly stack: readonly string[];
  /** Where the inputs were given, for problems with them; null: outside of any document. */
  readonly givenAt: Site | null;
}
