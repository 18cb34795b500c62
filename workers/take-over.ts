import type { Store } from '../platform/store/store';
import { workflowIdOf } from '../workflows/runbook/messages';

/** Runs at work are few; whoever has more of them has other workers too, and waits a moment for the rest. */
const mostRuns = 500;

/**
 * A worker that starts may follow one that died, and Temporal would hold the next task of a run that this one had in its cache for as
 * long as the sticky queue's timeout (D11). Letting it go costs the run one replay, wherever it was.
 */
export async function takeOver(place: {
  /** Temporal's ResetStickyTaskQueue. */
  readonly release: (workflowId: string) => Promise<unknown>;
  readonly views: Pick<Store['views'], 'runs'>;
}): Promise<void> {
  const { release, views } = place;
  const runs = await views.runs({ state: 'running', limit: mostRuns });
  const released = await Promise.allSettled(runs.map((run) => release(workflowIdOf(run.id))));
  for (const one of released) if (one.status === 'rejected' && !isGone(one.reason)) throw one.reason;
}

const notFound = 5;

/** It has ended since the store was asked. */
function isGone(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === notFound;
}
