import { z } from 'zod';

import {
  accepted,
  Delegate,
  Duration,
  Env,
  Expression,
  FanOut,
  Shell,
  Single,
  Targets,
  Text,
  Value,
} from '../../fields/schema';
import { PointOfNoReturn } from '../approval/schema';
import { Capture, Effect, identity, Locks, Poll, Retry, stepBase } from '../base/schema';
import type { StepsSchema } from '../schema';

/** An argument. A list-valued expression expands to several. */
export const Argument = z.string();
export type Argument = z.infer<typeof Argument>;

export const OperationName = z.string().regex(/^[a-z][A-Za-z0-9]*\.[a-z][A-Za-z0-9]*$/, accepted.operation);
export type OperationName = z.infer<typeof OperationName>;

/** Nothing mixed: a text or one expression or secret, or a file that lies beside the document. */
export const Stdin = z.union([Single, z.strictObject({ file: z.string().min(1) })]);
export type Stdin = z.infer<typeof Stdin>;

const process = {
  env: Env.exactOptional(),
  cwd: Text.exactOptional(),
  umask: z
    .string()
    .regex(/^0?[0-7]{3}$/, accepted.umask)
    .exactOptional(),
  stdin: Stdin.exactOptional(),
};

const execVerb = { verb: z.literal('exec'), exec: z.array(Argument).min(1), ...process };
const runVerb = { verb: z.literal('run'), run: z.string().min(1), shell: Shell.exactOptional(), ...process };
const usesVerb = { verb: z.literal('uses'), uses: OperationName, with: z.record(z.string(), Value).exactOptional() };

const where = { targets: Targets.exactOptional(), delegate: Delegate.exactOptional() };

/** One call: what `exec`, `run` and `uses` take wherever they stand. */
const call = {
  ...identity,
  timeout: Duration.exactOptional(),
  pass: Expression.exactOptional(),
  effect: Effect.exactOptional(),
  capture: Capture.exactOptional(),
};

/** Looks before and after: passes if there is nothing to do. */
export const ExecProbe = z.strictObject({ ...execVerb, ...call });
export interface ExecProbe extends z.infer<typeof ExecProbe> {}
export const RunProbe = z.strictObject({ ...runVerb, ...call });
export interface RunProbe extends z.infer<typeof RunProbe> {}
export const UsesProbe = z.strictObject({ ...usesVerb, ...call });
export interface UsesProbe extends z.infer<typeof UsesProbe> {}
export type Probe = ExecProbe | RunProbe | UsesProbe;
export const Probe = z.discriminatedUnion('verb', [ExecProbe, RunProbe, UsesProbe]);

/** `success` (default): only after the step succeeded; `started`: also when it failed, was cancelled or vanished. */
const undoFields = {
  after: z.enum(['success', 'started']).exactOptional(),
  estimate: Duration.exactOptional(),
};

export const ExecUndo = z.strictObject({ ...execVerb, ...undoFields, ...where, ...call });
export interface ExecUndo extends z.infer<typeof ExecUndo> {}
export const RunUndo = z.strictObject({ ...runVerb, ...undoFields, ...where, ...call });
export interface RunUndo extends z.infer<typeof RunUndo> {}
export const UsesUndo = z.strictObject({ ...usesVerb, ...undoFields, ...where, ...call });
export interface UsesUndo extends z.infer<typeof UsesUndo> {}
export function stepsUndo(steps: StepsSchema) {
  return z.strictObject({ verb: z.literal('steps'), ...undoFields, steps: steps });
}
export interface StepsUndo extends z.infer<ReturnType<typeof stepsUndo>> {}

/** `none`: it cannot be undone, on purpose. `restore`: the operation's own inverse. */
export type Undo = 'none' | 'restore' | ExecUndo | RunUndo | UsesUndo | StepsUndo;
export function undo(steps: StepsSchema) {
  return z.union([
    z.enum(['none', 'restore']),
    z.discriminatedUnion('verb', [ExecUndo, RunUndo, UsesUndo, stepsUndo(steps)]),
  ]);
}

function taskFields(steps: StepsSchema) {
  return {
    ...stepBase,
    ...where,
    ...call,
    fanOut: FanOut.exactOptional(),
    retry: Retry.exactOptional(),
    poll: Poll.exactOptional(),
    probe: Probe.exactOptional(),
    undo: undo(steps).exactOptional(),
    locks: Locks.exactOptional(),
    pointOfNoReturn: PointOfNoReturn.exactOptional(),
    rescue: steps.exactOptional(),
  };
}

export function execStep(steps: StepsSchema) {
  return z.strictObject({ ...execVerb, ...taskFields(steps) });
}
export interface ExecStep extends z.infer<ReturnType<typeof execStep>> {}
export function runStep(steps: StepsSchema) {
  return z.strictObject({ ...runVerb, ...taskFields(steps) });
}
export interface RunStep extends z.infer<ReturnType<typeof runStep>> {}
export function usesStep(steps: StepsSchema) {
  return z.strictObject({ ...usesVerb, ...taskFields(steps) });
}
export interface UsesStep extends z.infer<ReturnType<typeof usesStep>> {}

/** One metric of a gate: `pass` and `fail` decide each sample; neither is inconclusive. */
const metricFields = {
  id: stepBase.id,
  name: stepBase.name,
  ...where,
  ...call,
  fail: Expression.exactOptional(),
  noData: z.enum(['fail', 'inconclusive', 'pass']).exactOptional(),
  sample: z
    .strictObject({
      every: Duration.exactOptional(),
      count: z.int().min(1).exactOptional(),
      failureLimit: z.int().min(0).exactOptional(),
      inconclusiveLimit: z.int().min(0).exactOptional(),
      consecutiveErrorLimit: z.int().min(0).exactOptional(),
      consecutiveSuccess: z.int().min(1).exactOptional(),
    })
    .exactOptional(),
};

export const ExecMetric = z.strictObject({ ...execVerb, ...metricFields });
export interface ExecMetric extends z.infer<typeof ExecMetric> {}
export const RunMetric = z.strictObject({ ...runVerb, ...metricFields });
export interface RunMetric extends z.infer<typeof RunMetric> {}
export const UsesMetric = z.strictObject({ ...usesVerb, ...metricFields });
export interface UsesMetric extends z.infer<typeof UsesMetric> {}
export type Metric = ExecMetric | RunMetric | UsesMetric;
export const Metric = z.discriminatedUnion('verb', [ExecMetric, RunMetric, UsesMetric]);
