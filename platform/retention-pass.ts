import type { Logger } from './logger';
import type { Retention } from './store/store';

export interface RetentionPass {
  readonly retention: Retention;
  /** Null: everything is kept for ever. */
  readonly keepDays: number | null;
  readonly logger: Logger;
  /** Others than a minute after the start and once a day, in tests. */
  readonly firstAfterMs?: number;
  readonly everyMs?: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Once a day, deletes what was kept for a time only. Answers how to stop it; what is under way ends first. */
export function startRetention(pass: RetentionPass): () => Promise<void> {
  const { keepDays, firstAfterMs = 60_000, everyMs = dayMs } = pass;
  if (keepDays === null) return () => Promise.resolve();
  const keepMs = keepDays * dayMs;
  const stopping = new AbortController();
  let running = Promise.resolve();
  let timer = setTimeout(run, firstAfterMs);
  function run(): void {
    running = expireOnce(pass, Date.now() - keepMs, stopping.signal);
    timer = setTimeout(run, everyMs);
  }
  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await running;
  };
}

/** A pass that fails is told and tried again the next day: nothing waits for it. */
async function expireOnce({ retention, logger }: RetentionPass, before: number, signal: AbortSignal): Promise<void> {
  try {
    const expired = await retention.expire(before, signal);
    if (Object.values<number>({ ...expired }).some((count) => count > 0)) logger.info(expired, 'old output deleted');
  } catch (error) {
    logger.warn({ err: error }, 'old output not deleted');
  }
}
