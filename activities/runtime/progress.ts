import type { Context } from '@temporalio/activity';

import type { Progress } from './perform';

/** The interceptor heartbeats; what it tells is left here by the activity. */
const latest = new WeakMap<Context, Progress>();

export function reportProgress(context: Context, progress: Progress): void {
  latest.set(context, progress);
}

export function progressOf(context: Context): Progress | undefined {
  return latest.get(context);
}
