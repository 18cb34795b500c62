import { z } from 'zod';

import { approvalStep } from './approval/schema';
import type { ApprovalStep } from './approval/schema';
import { assertStep } from './assert/schema';
import type { AssertStep } from './assert/schema';
import { forEachStep } from './for-each/schema';
import type { ForEachStep } from './for-each/schema';
import { groupStep } from './group/schema';
import type { GroupStep } from './group/schema';
import { manualStep } from './manual/schema';
import type { ManualStep } from './manual/schema';
import { parallelStep } from './parallel/schema';
import type { ParallelStep } from './parallel/schema';
import { rolloutStep } from './rollout/schema';
import type { RolloutStep } from './rollout/schema';
import { runbookStep } from './runbook/schema';
import type { RunbookStep } from './runbook/schema';
import { setStep } from './set/schema';
import type { SetStep } from './set/schema';
import { switchStep } from './switch/schema';
import type { SwitchStep } from './switch/schema';
import { execStep, runStep, usesStep } from './task/schema';
import type { ExecStep, RunStep, UsesStep } from './task/schema';
import { waitStep } from './wait/schema';
import type { WaitStep } from './wait/schema';

/**
 * A step as it was loaded. Authors write one verb key; the loader adds its name as `verb`, so that code switches on it, and so
 * that a typo inside an approval is told as an error of approvals.
 *
 * Steps hold steps: each verb is a function of the schema of what it holds, and the knot is tied here.
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
    execStep(Steps),
    runStep(Steps),
    usesStep(Steps),
    approvalStep(Steps),
    manualStep(Steps),
    waitStep(Steps),
    assertStep(Steps),
    setStep(Steps),
    runbookStep(Steps),
    parallelStep(Steps),
    forEachStep(Steps),
    switchStep(Steps),
    rolloutStep(Steps),
    groupStep(Steps),
  ]),
);

export const Steps: StepsSchema = z.lazy(() => z.array(Step));
export type Steps = Step[];
export interface StepsSchema extends z.ZodType<Step[]> {}
