import { hourMs } from '../domain/duration';
import { LoadCurve } from './backup-load';
import type { Peak } from './backup-load';
import { playPlan } from './backup-play';
import type { ForecastPlan, ForecastSlot, PlayedOperation, ScheduledKind } from './backup-play';

/** What schedules of backup plans come to, were everything to take as long as it is expected to. */
export interface Forecast {
  readonly plans: number;
  readonly operations: number;
  readonly months: readonly ForecastMonth[];
  /** Over all plans: operations of any kind, and drills alone. */
  readonly peak: { readonly operations: Peak; readonly drills: Peak };
  /** They start later than they are due: something of the same plan is in the way. */
  readonly delayed: { readonly count: number; readonly longest: readonly DelayedSlot[] };
  /** They do not start at all: the one before is still waiting. */
  readonly leftOut: { readonly count: number; readonly first: readonly NamedSlot[] };
  /** At times of the wall that the clock leaves out or shows twice (R-TIME-3). */
  readonly clockChanges: { readonly count: number; readonly first: readonly NamedSlot[] };
  /** What they do takes longer than the time between; they are forecast no further than to where that shows. */
  readonly overloaded: readonly string[];
}

export interface ForecastMonth {
  /** `2026-11`, in UTC. */
  readonly month: string;
  readonly started: { readonly [K in ScheduledKind]: number };
  readonly busyMs: number;
}

export interface NamedSlot extends Pick<ForecastSlot, 'run' | 'atMs' | 'change'> {
  readonly plan: string;
}

export interface DelayedSlot extends NamedSlot {
  readonly delayMs: number;
}

export interface ForecastStretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** People read no more, and a year of a thousand plans has many. */
const shown = 20;

export function forecastBackups(plans: readonly ForecastPlan[], { fromMs, untilMs }: ForecastStretch): Forecast {
  const curves = { operations: new LoadCurve(fromMs, untilMs), drills: new LoadCurve(fromMs, untilMs) };
  const months = new Months();
  const overloaded: string[] = [];
  const delayed = new LongestOf();
  const leftOut = new FirstOf();
  const clockChanges = new FirstOf();
  for (const plan of plans) {
    const name = plan.name;
    const isDone = playPlan(plan, {
      started(operation) {
        curves.operations.add(operation.startMs, operation.endMs);
        if (operation.slot.kind === 'drill') curves.drills.add(operation.startMs, operation.endMs);
        months.add(operation);
        if (operation.slot.change !== 'none') clockChanges.add(named(name, operation.slot));
        if (operation.startMs > operation.slot.atMs) delayed.add(delayedSlot(name, operation));
      },
      leftOut: (slot) => leftOut.add(named(name, slot)),
    });
    if (!isDone) overloaded.push(name);
  }
  return {
    plans: plans.length,
    operations: months.operations,
    months: months.list(),
    peak: { operations: curves.operations.peak(), drills: curves.drills.peak() },
    delayed: delayed.list(),
    leftOut: leftOut.list(),
    clockChanges: clockChanges.list(),
    overloaded,
  };
}

function named(plan: string, { run, atMs, change }: ForecastSlot): NamedSlot {
  return { plan, run, atMs, change };
}

function delayedSlot(plan: string, operation: PlayedOperation): DelayedSlot {
  return { ...named(plan, operation.slot), delayMs: operation.startMs - operation.slot.atMs };
}

/** Counts all, and keeps those that wait for longest. */
class LongestOf {
  #count = 0;
  #longest: readonly DelayedSlot[] = [];

  add(slot: DelayedSlot): void {
    this.#count += 1;
    const shortest = this.#longest.at(-1);
    if (this.#longest.length >= shown && shortest !== undefined && shortest.delayMs >= slot.delayMs) return;
    this.#longest = [...this.#longest, slot].sort((a, b) => b.delayMs - a.delayMs || a.atMs - b.atMs).slice(0, shown);
  }

  list(): { readonly count: number; readonly longest: readonly DelayedSlot[] } {
    return { count: this.#count, longest: this.#longest };
  }
}

/** Counts all, and keeps the earliest. */
class FirstOf {
  #count = 0;
  #first: readonly NamedSlot[] = [];

  add(slot: NamedSlot): void {
    this.#count += 1;
    const latest = this.#first.at(-1);
    if (this.#first.length >= shown && latest !== undefined && latest.atMs <= slot.atMs) return;
    this.#first = [...this.#first, slot].sort((a, b) => a.atMs - b.atMs).slice(0, shown);
  }

  list(): { readonly count: number; readonly first: readonly NamedSlot[] } {
    return { count: this.#count, first: this.#first };
  }
}

interface Month {
  readonly month: string;
  readonly started: { [K in ScheduledKind]: number };
  busyMs: number;
}

class Months {
  readonly #months = new Map<string, Month>();
  /** By UTC day: a text for each of millions of operations would take longer than all else. */
  readonly #days = new Map<number, Month>();
  operations = 0;

  /** Where it begins. */
  add({ slot, startMs, endMs }: PlayedOperation): void {
    this.operations += 1;
    const month = this.#monthOf(startMs);
    month.started[slot.kind] += 1;
    month.busyMs += endMs - startMs;
  }

  list(): readonly ForecastMonth[] {
    return [...this.#months.values()].sort((a, b) => (a.month < b.month ? -1 : 1));
  }

  #monthOf(atMs: number): Month {
    const day = Math.floor(atMs / (24 * hourMs));
    const known = this.#days.get(day);
    if (known !== undefined) return known;
    const name = new Date(atMs).toISOString().slice(0, 7);
    const month = this.#months.get(name) ?? { month: name, started: { backup: 0, verify: 0, drill: 0 }, busyMs: 0 };
    this.#months.set(name, month);
    this.#days.set(day, month);
    return month;
  }
}
