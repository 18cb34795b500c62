import { keptFields } from '../domain/host-row';
import type { Failure } from '../domain/failure';
import type { Json, JsonObject } from '../domain/json';
import type { Roster } from '../domain/roster';
import type { StepStatus } from '../domain/step-status';
import type { Here } from './here';
import type { StepCommon } from './plan';

/** What a runner found out; the fields of `language.md` section 8 that belong to its verb are in `fields`. */
export interface StepEnd {
  readonly status: Extract<StepStatus, 'succeeded' | 'failed' | 'skipped'>;
  readonly error: Failure | null;
  readonly changed: boolean;
  readonly fields: JsonObject;
  /** One `StatusCode` for each host; absent for steps without hosts. */
  readonly statuses?: string;
  readonly digest?: string | null;
  readonly attempts?: number;
  /** Of a rollout, whose hosts have rows only below it. */
  readonly roster?: Roster;
}

export const ended = { status: 'succeeded', error: null, changed: false, fields: {} } as const satisfies StepEnd;

export function failedEnd(error: Failure, fields: JsonObject = {}): StepEnd {
  return { status: 'failed', error, changed: false, fields };
}

/** Every field that any verb has is null, so that an expression over a step that was not reached gives null. */
export const skippedRecord: JsonObject = {
  status: 'skipped',
  ok: false,
  changed: false,
  attempts: 0,
  rescued: false,
  startedAt: null,
  endedAt: null,
  durationMs: null,
  error: null,
  counts: { ok: 0, failed: 0, skipped: 0, unknown: 0 },
  failedHosts: [],
  exceptions: [],
  exitCode: null,
  stdout: null,
  stderr: null,
  json: null,
  lines: null,
  result: null,
  outputs: null,
  choice: null,
  form: null,
  by: null,
  comment: null,
  event: null,
};

export interface Timing {
  readonly rescued: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attempts: number;
}

/** Puts into the state what some other expression reads of this step, and nothing else. */
export function keepRecord(
  step: StepCommon,
  record: JsonObject,
  at: { readonly here: Here; readonly path: string; readonly roster?: Roster },
): void {
  const scope = at.here.state.scopes[at.here.scope];
  if (step.keep.length === 0 || scope === undefined) return;
  // Rows of hosts stay in the store; the path says where.
  const roster = at.roster === undefined ? {} : { roster: { ...at.roster } };
  const place = step.keep.includes('hosts') ? { path: at.path, ...roster } : {};
  scope.records[step.id] = { ...keptFields(record, step.keep), ...place };
}

/** The row of a single target says what it left, and when; how the step ended, and after how many attempts, is the run's to say. */
export function recordOf(step: StepCommon, end: StepEnd, timing: Timing): JsonObject {
  return {
    ...skippedRecord,
    startedAt: new Date(timing.startedAt).toISOString(),
    endedAt: new Date(timing.endedAt).toISOString(),
    durationMs: timing.endedAt - timing.startedAt,
    ...end.fields,
    status: end.status,
    ok: end.status === 'succeeded',
    changed: end.changed,
    attempts: timing.attempts,
    rescued: timing.rescued,
    error: errorRecord(end.error, step.id),
  };
}

/** `error {step, code, message}` as `rescue` sees it. */
export function errorRecord(error: Failure | null, step: string): Json {
  return error === null ? null : { step: error.step ?? step, code: error.code, message: error.message };
}
