import { startable } from '../backup/keeper-queue';
import type { MissedPolicy } from '../domain/missed-schedule';

/** What a schedule starts by itself. */
export type ScheduledKind = 'backup' | 'verify' | 'drill';

/** A slot of a plan, with what the clock of the wall did then. */
export interface ForecastSlot {
  readonly run: string;
  readonly kind: ScheduledKind;
  readonly atMs: number;
  readonly change: 'none' | 'skipped' | 'repeated';
  readonly missed: MissedPolicy;
}

export interface ForecastPlan {
  readonly name: string;
  /** In order. */
  readonly slots: Iterable<ForecastSlot>;
  readonly durationsMs: { readonly [K in ScheduledKind]: number };
}

export interface PlayedOperation {
  readonly slot: ForecastSlot;
  readonly startMs: number;
  readonly endMs: number;
}

export interface PlayTold {
  started(operation: PlayedOperation): void;
  /** It came while the one before it was still waiting (R-TIME-7: unless each of them is wanted). */
  leftOut(slot: ForecastSlot): void;
}

/** Longer, and the plan can never catch up: what it does takes longer than the time between. */
const longestQueue = 500;

interface Waiting {
  readonly id: string;
  readonly kind: ScheduledKind;
  readonly slot: ForecastSlot;
}

/** One plan by the rules of its keeper: in order, and nothing beside what it does not go with. False: it is overloaded. */
export function playPlan({ slots, durationsMs }: ForecastPlan, told: PlayTold): boolean {
  let running: readonly PlayedOperation[] = [];
  let queue: readonly Waiting[] = [];
  let count = 0;
  const startWhatMay = (nowMs: number): void => {
    const ready = new Set(
      startable(
        queue,
        running.map(({ slot }) => slot.kind),
      ),
    );
    const begun = queue
      .filter(({ id }) => ready.has(id))
      .map(({ slot }) => ({ slot, startMs: nowMs, endMs: nowMs + durationsMs[slot.kind] }));
    if (begun.length === 0) return;
    for (const operation of begun) told.started(operation);
    running = [...running, ...begun];
    queue = queue.filter(({ id }) => !ready.has(id));
  };
  const endUntil = (untilMs: number): void => {
    while (running.length > 0) {
      const nextMs = Math.min(...running.map(({ endMs }) => endMs));
      if (nextMs > untilMs) return;
      running = running.filter(({ endMs }) => endMs > nextMs);
      if (queue.length > 0) startWhatMay(nextMs);
    }
  };
  for (const slot of slots) {
    endUntil(slot.atMs);
    if (slot.missed !== 'run-all' && queue.some((waiting) => waiting.slot.run === slot.run)) {
      told.leftOut(slot);
      continue;
    }
    count += 1;
    queue = [...queue, { id: String(count), kind: slot.kind, slot }];
    if (queue.length > longestQueue || running.length > longestQueue) return false;
    startWhatMay(slot.atMs);
  }
  endUntil(Infinity);
  return true;
}
