import { z } from 'zod';

import { ApprovalStep } from './approval/schema';
import { AssertStep } from './assert/schema';
import { ForEachStep } from './for-each/schema';
import { GroupStep } from './group/schema';
import { ManualStep } from './manual/schema';
import { ParallelStep } from './parallel/schema';
import { RolloutStep } from './rollout/schema';
import { RunbookStep } from './runbook/schema';
import { SetStep } from './set/schema';
import { SwitchStep } from './switch/schema';
import { ExecStep, RunStep, UsesStep } from './task/schema';
import { WaitStep } from './wait/schema';

/**
 * A step as it was loaded. Authors write one verb key; the loader adds its name as `verb`, so that code switches on it, and so
 * that a typo inside an approval is told as an error of approvals.
 *
 * Steps hold steps, so these modules import each other: everything that crosses a module here is behind `z.lazy`.
 */
export type Step =
  | ExecStep
  | RunStep
  | UsesStep
  | ApprovalStep
  | ManualStep
  | WaitStep
  | AssertStep
  | SetStep
  | RunbookStep
  | ParallelStep
  | ForEachStep
  | SwitchStep
  | RolloutStep
  | GroupStep;
export const Step: z.ZodType<Step> = z.lazy(() =>
  z.discriminatedUnion('verb', [
    ExecStep,
    RunStep,
    UsesStep,
    ApprovalStep,
    ManualStep,
    WaitStep,
    AssertStep,
    SetStep,
    RunbookStep,
    ParallelStep,
    ForEachStep,
    SwitchStep,
    RolloutStep,
    GroupStep,
  ]),
);

export const Steps: z.ZodType<Step[]> = z.lazy(() => z.array(Step));
export type Steps = Step[];
