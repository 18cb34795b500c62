import { appendFile, open } from 'node:fs/promises';

import type { Logger } from '../../platform/logger';
import { startPasses } from '../../platform/passes';
import { checkpointText } from '../../platform/store/checkpoint';
import type { Checkpoint } from '../../platform/store/checkpoint';
import { toJson } from '../../platform/store/json';
import type { SigningKey } from '../../platform/store/signing-key';
import type { Store } from '../../platform/store/store';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import { newestNumber } from './checkpoint-tail';

/**
 * Makes checkpoints and takes them out of the house.
 *
 * - K1 A checkpoint stands before it is told: what a crash has kept from the file or the stamp is made up for the next time.
 * - K2 The file is only ever added to. Two that write it at once may write a line twice; readers pass over it.
 * - K3 An authority that does not answer holds nothing up: the newest checkpoint gets its stamp the next time.
 */
export interface Checkpointer {
  /** Null: no journal has grown since the newest one. */
  make(): Promise<Checkpoint | null>;
  /** Every hour; answers how to stop. What is under way ends first. */
  start(): () => Promise<void>;
}

export interface CheckpointerOptions {
  readonly store: Pick<Store, 'checkpoints'>;
  readonly key: SigningKey;
  /** To which every checkpoint is added as a line; null: none. */
  readonly file: string | null;
  /** Asks an authority for the time stamp of a text; null: there is none. */
  readonly stamp: ((text: string) => Promise<Uint8Array>) | null;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly now: () => number;
  /** Others than a minute after the start and once an hour, in tests. */
  readonly firstAfterMs?: number;
  readonly everyMs?: number;
}

const hourMs = 60 * 60 * 1000;

export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  let latest: Promise<unknown> = Promise.resolve();
  async function make(): Promise<Checkpoint | null> {
    // One after the other: the lines of the file stand in order.
    const turn = latest.catch(() => undefined).then(() => makeOnce(options));
    latest = turn;
    return turn;
  }
  const { logger, firstAfterMs = 60_000, everyMs = hourMs } = options;
  async function pass(): Promise<void> {
    try {
      await make();
    } catch (error) {
      logger.warn({ err: error }, 'no checkpoint made');
    }
  }
  return { make, start: () => startPasses(pass, { firstAfterMs, everyMs }) };
}

async function makeOnce(options: CheckpointerOptions): Promise<Checkpoint | null> {
  const { store, key, now, logger } = options;
  const made = await store.checkpoints.make(key, now());
  if (made !== null) logger.info({ number: made.number, journals: made.size, root: made.root }, 'checkpoint made');
  await bringFileUpToDate(options);
  await stampNewest(options);
  return made;
}

const linesAtOnce = 200;

/** K1. */
async function bringFileUpToDate({ store, file, logger }: CheckpointerOptions): Promise<void> {
  if (file === null) return;
  try {
    let after = await newestNumber(file);
    for (;;) {
      const missing = await store.checkpoints.list(after, linesAtOnce);
      if (missing.length > 0) await appendDurably(file, missing.map(({ checkpoint }) => lineOf(checkpoint)).join(''));
      after = missing.at(-1)?.checkpoint.number ?? after;
      if (missing.length < linesAtOnce) return;
    }
  } catch (error) {
    logger.warn({ err: error, file }, 'checkpoints not written to their file');
  }
}

async function appendDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a', 0o644);
  try {
    await appendFile(handle, text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function lineOf(checkpoint: Checkpoint): string {
  return `${canonicalJson(toJson(checkpoint))}\n`;
}

/** K3. Only the newest: it covers all that those before it cover. */
async function stampNewest({ store, stamp, logger }: CheckpointerOptions): Promise<void> {
  const newest = stamp === null ? null : await store.checkpoints.newest();
  if (stamp === null || newest === null) return;
  const [standing] = await store.checkpoints.list(newest.number - 1, 1);
  if (standing === undefined || standing.stamp !== null) return;
  try {
    const token = await stamp(checkpointText(newest));
    await store.checkpoints.stamp(newest.number, Buffer.from(token).toString('base64'));
  } catch (error) {
    logger.warn({ err: error, number: newest.number }, 'checkpoint not stamped');
  }
}
