import type { infer as Infer } from 'zod';

import type * as authoring from '../api/authoring-schema';
import type * as backup from '../api/backup-schema';
import type * as change from '../api/change-schema';
import type * as identity from '../api/identity-schema';
import type * as plan from '../api/plan-schema';
import type * as run from '../api/run-schema';
import type * as schema from '../api/schema';

/** Types of what the API answers, by the names of their schemas. */

export type RunRow = Infer<typeof schema.RunRow>;
export type RunView = Infer<typeof schema.RunView>;
export type StepView = RunView['steps'][number];
export type TaskRow = Infer<typeof schema.TaskRow>;
export type ResumePreview = Infer<typeof run.ResumePreview>;
export type HostCell = Infer<typeof run.HostCell>;
export type HostPage = Infer<typeof run.HostPage>;
export type Verified = Infer<typeof run.Verified>;
export type JournalPage = Infer<typeof schema.JournalPage>;
export type JournalEntry = Infer<typeof schema.JournalEntryView>;
export type OutputChunk = Infer<typeof schema.OutputChunkView>;
export type OutputPage = Infer<typeof schema.OutputPage>;
export type RunPlan = Infer<typeof run.RunPlan>;
export type TaskView = Infer<typeof run.TaskView>;
export type ChangeRow = Infer<typeof change.ChangeRow>;
export type DrillCalendar = Infer<typeof backup.DrillCalendar>;
export type DefinitionSummary = Infer<typeof schema.DefinitionSummary>;
export type DefinitionView = Infer<typeof schema.DefinitionView>;
export type PreviewedPlan = Infer<typeof authoring.PreviewedPlan>;
export type Me = Infer<typeof identity.Me>;
export type PlanDescription = Infer<typeof plan.PlanDescription>;
export type StepDescription = Infer<typeof plan.StepDescription>;

export interface RunPage {
  readonly runs: readonly RunRow[];
  readonly next: string | null;
}

export interface TaskList {
  readonly tasks: readonly TaskRow[];
  /** Names of what asks, by id: `run 7`, `CHG-12`. */
  readonly subjects: { readonly [id: string]: string };
}
