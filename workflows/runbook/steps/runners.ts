import type { Here, Opened } from '../here';
import type { Step, StepKind } from '../plan';
import type { StepEnd } from '../records';
import { runApproval } from './approval/run';
import { runAssert } from './assert/run';
import { runForEach } from './for-each/run';
import { runGroup } from './group/run';
import { runManual } from './manual/run';
import { runParallel } from './parallel/run';
import { runRollout } from './rollout/run';
import { runRunbook } from './runbook/run';
import { runSet } from './set/run';
import { runSwitch } from './switch/run';
import { runTask } from './task/run';
import { runWait } from './wait/run';

type StepOf<K extends StepKind> = { [P in K]: Extract<Step, { readonly kind: P }> & { readonly kind: P } }[K];
type StepRunner<K extends StepKind> = (step: StepOf<K>, opened: Opened, here: Here) => Promise<StepEnd>;

const runners: { readonly [K in StepKind]: StepRunner<K> } = {
  task: runTask,
  approval: runApproval,
  manual: runManual,
  wait: runWait,
  assert: runAssert,
  set: runSet,
  runbook: runRunbook,
  parallel: runParallel,
  forEach: runForEach,
  switch: runSwitch,
  rollout: runRollout,
  group: runGroup,
};

export function runByKind<K extends StepKind>(step: StepOf<K>, opened: Opened, here: Here): Promise<StepEnd> {
  const runner: StepRunner<K> = runners[step.kind];
  return runner(step, opened, here);
}
