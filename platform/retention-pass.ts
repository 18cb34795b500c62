import type { Logger } from './logger';
import { startPasses } from './passes';
import type { Deliveries } from './store/deliveries';
import type { Feed } from './store/feed';
import type { Retention } from './store/store';

export interface RetentionPass {
  readonly retention: Retention;
  readonly feed: Pick<Feed, 'expire'>;
  readonly deliveries: Pick<Deliveries, 'expire'>;
  /** Of output; null: for ever. */
  readonly keepDays: number | null;
  readonly logger: Logger;
  /** Others than a minute after the start and once a day, in tests. */
  readonly firstAfterMs?: number;
  readonly everyMs?: number;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Whoever listens comes back within minutes, and what was not told to others by then is too old to be news. */
const feedKeepMs = 7 * dayMs;
const deliveriesKeepMs = 30 * dayMs;

/** Once a day, deletes what was kept for a time only. Answers how to stop it. */
export function startRetention(pass: RetentionPass): () => Promise<void> {
  const { firstAfterMs = 60_000, everyMs = dayMs } = pass;
  return startPasses((signal) => expireOnce(pass, signal), { firstAfterMs, everyMs });
}

/** A pass that fails is told and tried again the next day: nothing waits for it. */
async function expireOnce(pass: RetentionPass, signal: AbortSignal): Promise<void> {
  const { retention, feed, deliveries, keepDays, logger } = pass;
  try {
    await feed.expire(Date.now() - feedKeepMs);
    await deliveries.expire(Date.now() - deliveriesKeepMs);
    if (keepDays === null) return;
    const expired = await retention.expire(Date.now() - keepDays * dayMs, signal);
    if (Object.values<number>({ ...expired }).some((count) => count > 0)) logger.info(expired, 'old output deleted');
  } catch (error) {
    logger.warn({ err: error }, 'old output not deleted');
  }
}
