import { z } from 'zod';

import type { RunRow as RunRowType, TaskRow as TaskRowType } from '../../platform/store/store';
import type { RunView as RunViewType } from '../engine';
import { Next } from './page';
import { Refusals } from './refusals';

/** Shapes of what the API answers and takes: the API documents them, the CLI reads answers with them. */

const Failure = z.object({ code: z.string(), message: z.string(), step: z.string().exactOptional() });
const JsonObject = z.record(z.string(), z.json());
const Instant = z.iso.datetime();
const EpochMs = z.number();

/** Values of each label: what grants go by. */
export const Scope = z.record(z.string(), z.array(z.string()));

export const RunState = z.enum(['pending', 'running', 'waiting', 'paused', 'closed']);
export const RunOutcome = z.enum(['succeeded', 'failed', 'cancelled', 'undone', 'undo-failed', 'checked']);
export const StepStatus = z.enum([
  'pending',
  'running',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
  'unknown',
  'undone',
]);

const DefinitionOfRun = z.object({ name: z.string(), version: z.string(), title: z.string(), owner: z.string() });

export const RunRow: z.ZodType<RunRowType> = z.object({
  id: z.string(),
  number: z.number(),
  definition: DefinitionOfRun,
  planHash: z.string(),
  planDigest: z.string(),
  requester: z.string(),
  inputs: JsonObject,
  parent: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  scope: Scope,
  state: RunState,
  reason: z.string(),
  outcome: RunOutcome.nullable(),
  degraded: z.boolean(),
  createdAt: EpochMs,
  startedAt: EpochMs.nullable(),
  endedAt: EpochMs.nullable(),
  outputs: JsonObject,
  error: Failure.nullable(),
  undone: z.array(z.string()),
  exceptions: z.array(z.string()),
  stateDigest: z.string().nullable(),
});

const Answer = z.object({
  taskId: z.string(),
  id: z.string(),
  actor: z.string(),
  via: z.string(),
  choice: z.string(),
  comment: z.string(),
  form: z.json(),
  onBehalfOf: z.string().exactOptional(),
  hosts: z.array(z.string()).exactOptional(),
  planHash: z.string().exactOptional(),
  showHash: z.string().exactOptional(),
});

/** `to` answers for `from`. */
export const TaskDelegated = z.object({ from: z.string(), to: z.string(), until: EpochMs.nullable() });

export const TaskRow: z.ZodType<TaskRowType> = z.object({
  id: z.string(),
  runId: z.string(),
  kind: z.enum(['approval', 'manual', 'unknown', 'failure', 'pause', 'undo-failed']),
  path: z.string(),
  title: z.string(),
  candidates: z.array(z.string()),
  options: z.array(z.string()),
  min: z.number(),
  rejectOn: z.number(),
  excludeRequester: z.boolean(),
  form: z.json(),
  show: JsonObject,
  planHash: z.string(),
  showHash: z.string(),
  openedAt: EpochMs,
  dueAt: EpochMs.nullable(),
  onDue: z.string().nullable(),
  hosts: z.array(z.string()),
  slot: z.string().exactOptional(),
  priority: z.number().exactOptional(),
  votes: z.array(Answer),
  closed: z
    .object({ choice: z.string(), by: z.array(z.string()), reason: z.string(), comment: z.string(), at: EpochMs })
    .nullable(),
  asked: z.array(z.object({ person: z.string(), actor: z.string() })).exactOptional(),
  standing: z.array(z.string()).exactOptional(),
  delegated: z.array(TaskDelegated).exactOptional(),
});

export const TaskList = z.object({
  tasks: z.array(TaskRow),
  /** What asks: `run 7`, `CHG-12`. */
  subjects: z.record(z.string(), z.string()),
  next: Next,
});

const HostView = z.object({
  name: z.string(),
  delegate: z.string().nullable(),
  status: StepStatus,
  changed: z.boolean(),
  exitCode: z.number().nullable(),
  durationMs: z.number().nullable(),
  error: Failure.nullable(),
});

const Counts = z.object({ ok: z.number(), failed: z.number(), skipped: z.number(), unknown: z.number() });

export const StepView = z.object({
  path: z.string(),
  id: z.string(),
  verb: z.string(),
  phase: z.string(),
  generation: z.number(),
  status: StepStatus,
  rescued: z.boolean(),
  attempts: z.number(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  error: Failure.nullable(),
  counts: Counts.nullable(),
  outputs: JsonObject,
  position: z.number(),
  hosts: z.array(HostView),
});

export const RunView: z.ZodType<RunViewType & { readonly refused: Refusals }> = z.object({
  /** What the caller may not do to it, and why. */
  refused: Refusals,
  id: z.string(),
  number: z.number(),
  definition: DefinitionOfRun,
  planHash: z.string(),
  planDigest: z.string(),
  parent: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  scope: Scope,
  state: RunState,
  reason: z.string(),
  outcome: RunOutcome.nullable(),
  degraded: z.boolean(),
  requester: z.string(),
  inputs: JsonObject,
  outputs: JsonObject,
  error: Failure.nullable(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  steps: z.array(StepView),
  tasks: z.array(TaskRow),
  undone: z.array(z.string()),
  exceptions: z.array(z.string()),
});

export const JournalEntryView = z.object({
  seq: z.number(),
  key: z.string(),
  kind: z.string(),
  at: EpochMs,
  actor: z.string(),
  via: z.string(),
  /** Of this API, that has led to it: as in its log. */
  request: z.string().exactOptional(),
  /** Null once redacted. */
  payload: z.json(),
});
export type JournalEntryView = z.infer<typeof JournalEntryView>;

export const JournalPage = z.object({
  entries: z.array(JournalEntryView),
  /** Ask on after this. */
  after: z.number(),
  head: z.object({ count: z.number(), hash: z.string() }),
});
export type JournalPage = z.infer<typeof JournalPage>;

export const OutputChunkView = z.object({
  position: z.number(),
  path: z.string(),
  phase: z.string(),
  generation: z.number(),
  stream: z.enum(['stdout', 'stderr']),
  offset: z.number(),
  /** Output is bytes; a character may be cut between two chunks. */
  base64: z.base64(),
});
export type OutputChunkView = z.infer<typeof OutputChunkView>;

export const OutputPage = z.object({
  chunks: z.array(OutputChunkView),
  after: z.number(),
  /** The run has ended and nothing more is there. */
  complete: z.boolean(),
  /** The run ended so long ago that whatever it wrote has been deleted. */
  expired: z.boolean(),
});
export type OutputPage = z.infer<typeof OutputPage>;

export const AnswerAccepted = z.object({
  accepted: z.literal(true),
  decided: z.boolean(),
  choice: z.string().nullable(),
  /** What this answer was used for, also when it came before. */
  recorded: z.string().exactOptional(),
});
export type AnswerAccepted = z.infer<typeof AnswerAccepted>;

export const ControlAccepted = z.object({ accepted: z.literal(true), state: z.string() });
export type ControlAccepted = z.infer<typeof ControlAccepted>;

export const DefinitionSummary = z.object({
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  digest: z.string(),
});
export type DefinitionSummary = z.infer<typeof DefinitionSummary>;

export const DefinitionView = DefinitionSummary.extend({ text: z.string(), files: z.record(z.string(), z.string()) });
export type DefinitionView = z.infer<typeof DefinitionView>;

export const AppliedDefinition = DefinitionSummary.extend({ result: z.enum(['published', 'unchanged']) });
export type AppliedDefinition = z.infer<typeof AppliedDefinition>;

export const LockRow = z.object({
  name: z.string(),
  runId: z.string(),
  path: z.string(),
  token: z.number(),
  state: z.enum(['held', 'orphaned']),
  at: EpochMs,
});

export const LockList = z.object({ locks: z.array(LockRow), next: Next });

export const StepDuration = z.object({
  /** Ids from the top, without hosts, items and waves. */
  step: z.string(),
  phase: z.enum(['do', 'undo']),
  /** Empty for what runs on the worker. */
  host: z.string(),
  durationMs: z.number(),
});

export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.string(),
  hint: z.string(),
  requestId: z.string(),
});
