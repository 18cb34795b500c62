import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

import type { HandWrittenActivities } from './activities';

const light = proxyLocalActivities<HandWrittenActivities>({ startToCloseTimeout: '5s' });
const full = proxyActivities<HandWrittenActivities>({ startToCloseTimeout: '5s', retry: { maximumAttempts: 3 } });

/** What somebody would write by hand against Temporal: the same steps, no plan, no journal, no fence. */
export async function lightSteps(count: number): Promise<number> {
  for (let index = 0; index < count; index += 1) await light.echo({ value: index });
  return count;
}

export async function activitySteps(count: number): Promise<number> {
  for (let index = 0; index < count; index += 1) await full.echo({ value: index });
  return count;
}
