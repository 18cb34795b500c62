import type { AnswerOf } from '../typed/types';

/** What the API answers, as far as it goes by a name of its own here. */

export type RunRow = AnswerOf<'GET /runs'>['runs'][number];
export type RunView = AnswerOf<'GET /runs/:ref'>;
export type StepView = RunView['steps'][number];
/** Why something may not be done, by the action. */
export type Refusals = RunView['refused'];
export type RunPlan = AnswerOf<'GET /runs/:ref/plan'>;
export type PlanDescription = RunPlan['description'];
export type StepDescription = PlanDescription['steps'][number];
export type ResumePreview = AnswerOf<'GET /runs/:ref/resume-preview'>;
export type HostPage = AnswerOf<'GET /runs/:ref/hosts'>;
export type HostCell = HostPage['hosts'][number];
export type JournalPage = AnswerOf<'GET /runs/:ref/journal'>;
export type JournalEntry = JournalPage['entries'][number];
export type OutputChunk = AnswerOf<'GET /runs/:ref/logs/events'>;
export type LockRow = AnswerOf<'GET /locks'>['locks'][number];
export type TaskView = AnswerOf<'GET /tasks/:id'>;
export type TaskRow = TaskView['task'];
/** `subjects`: names of what asks, by id: `run 7`, `CHG-12`. */
export type TaskList = Pick<AnswerOf<'GET /tasks'>, 'tasks' | 'subjects'>;
export type ChangeRow = AnswerOf<'GET /changes'>['changes'][number];
export type DrillCalendar = AnswerOf<'GET /backup-drills'>;
export type DefinitionSummary = AnswerOf<'GET /definitions'>['definitions'][number];
export type DefinitionView = AnswerOf<'GET /definitions/:kind/:name'>;
export type PreviewedPlan = AnswerOf<'POST /definitions/preview'>;
export type Me = AnswerOf<'GET /me'>;
export type Notice = AnswerOf<'GET /notices'>['notices'][number];
