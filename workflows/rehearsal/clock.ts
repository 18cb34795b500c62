import { Interruption } from '../effects';
import type { Effects } from '../effects';

/** What time and structure are made of; the world adds the rest. */
export type Timing = Pick<Effects, 'now' | 'sleep' | 'waitFor' | 'checkpoint' | 'all' | 'race' | 'scope' | 'shield'>;

/** A part of a procedure that can be cancelled by itself, or not at all. */
export interface Part {
  readonly parent: Part | null;
  readonly shielded: boolean;
  /** It goes on as long as something else does. */
  readonly background?: true;
  cancelled: boolean;
}

interface Wait {
  readonly part: Part;
  readonly predicate: () => boolean;
  readonly until: number | null;
  readonly sequence: number;
  readonly resolve: (held: boolean) => void;
  readonly reject: (error: Interruption) => void;
}

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly fire: () => void;
}

/**
 * Time that only passes when nothing is left to do (D6).
 *
 * - V1 Everything runnable runs first (one hop of `setImmediate` drains it); then the clock jumps to the earliest (time, sequence).
 * - V2 A predicate is looked at after every hop, as Temporal looks at conditions after every activation.
 * - V3 Once a suspension is asked for, every wait throws, and so does every wait after it.
 * - V4 Where time would only pass for what is in the background, it does so for a while; then nothing else will come of it.
 * - V5 It ends at `until`: who only looks again and again would do so for ever.
 */
export class VirtualClock {
  #now: number;
  #sequence = 0;
  #waits: Wait[] = [];
  #timers: Timer[] = [];
  #suspending = false;
  #checkpoints = 0;
  #jumpsInBackground = 0;
  readonly #suspendAt: (checkpoint: number) => boolean;

  constructor(
    start: number,
    suspendAt: (checkpoint: number) => boolean = () => false,
    readonly until = Infinity,
  ) {
    this.#now = start;
    this.#suspendAt = suspendAt;
  }

  get now(): number {
    return this.#now;
  }

  get checkpoints(): number {
    return this.#checkpoints;
  }

  /** Outside of any part: answers of people, events, controls. */
  at(time: number, fire: () => void): void {
    this.#timers.push({ at: Math.max(time, this.#now), sequence: (this.#sequence += 1), fire });
  }

  /** Nobody was there to do anything: what was due meanwhile is done late. */
  skipTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  wait(part: Part, predicate: () => boolean, until: number | null): Promise<boolean> {
    if (this.#suspending) return Promise.reject(new Interruption('suspend'));
    if (isCancelled(part)) return Promise.reject(new Interruption('cancel'));
    return new Promise((resolve, reject) => {
      this.#waits.push({ part, predicate, until, sequence: (this.#sequence += 1), resolve, reject });
    });
  }

  async checkpoint(part: Part): Promise<void> {
    this.#checkpoints += 1;
    if (this.#suspendAt(this.#checkpoints)) this.#suspending = true;
    if (this.#suspending) throw new Interruption('suspend');
    if (isCancelled(part)) throw new Interruption('cancel');
  }

  /** Runs a procedure to its end; entering again after a suspension uses the same clock. */
  async run<T>(body: (part: Part) => Promise<T>): Promise<T> {
    this.#suspending = false;
    const settled: { end: { readonly value: T } | { readonly error: unknown } | null } = { end: null };
    void body({ parent: null, shielded: false, cancelled: false }).then(
      (value) => (settled.end = { value }),
      (error: unknown) => (settled.end = { error }),
    );
    for (;;) {
      await hop();
      const { end } = settled;
      if (end !== null) {
        if ('error' in end) throw end.error;
        return end.value;
      }
      if (!this.#fireReady() && !this.#jump()) throw new Error('Cannot go on: nobody answers, and nothing else is due');
    }
  }

  #fireReady(): boolean {
    const ready = this.#waits.filter((wait) => this.#suspending || isCancelled(wait.part) || wait.predicate());
    if (ready.length === 0) return false;
    this.#waits = this.#waits.filter((wait) => !ready.includes(wait));
    for (const wait of ready) {
      if (isCancelled(wait.part)) wait.reject(new Interruption(this.#suspending ? 'suspend' : 'cancel'));
      else if (wait.predicate()) wait.resolve(true);
      else wait.reject(new Interruption('suspend'));
    }
    return true;
  }

  /** Nothing is due but what is in the background, and that has had its time. */
  #isIdle(): boolean {
    const isBusy =
      this.#timers.length > 0 || this.#waits.some(({ until, part }) => until !== null && !isBackground(part));
    this.#jumpsInBackground = isBusy ? 0 : this.#jumpsInBackground + 1;
    return this.#jumpsInBackground > mostJumpsInBackground;
  }

  #jump(): boolean {
    const wait = earliest(this.#waits.flatMap((each) => (each.until === null ? [] : [{ ...each, at: each.until }])));
    const timer = earliest(this.#timers);
    const next = wait === null ? timer : timer === null ? wait : earliest([wait, timer]);
    if (next === null || next.at > this.until || this.#isIdle()) return false;
    this.#now = Math.max(this.#now, next.at);
    if ('fire' in next) {
      this.#timers = this.#timers.filter((other) => other !== next);
      next.fire();
    } else {
      this.#waits = this.#waits.filter(({ sequence }) => sequence !== next.sequence);
      next.resolve(false);
    }
    return true;
  }
}

const mostJumpsInBackground = 1_000;

function earliest<T extends { readonly at: number; readonly sequence: number }>(list: readonly T[]): T | null {
  let first: T | null = null;
  for (const each of list) {
    if (first === null || each.at < first.at || (each.at === first.at && each.sequence < first.sequence)) first = each;
  }
  return first;
}

export function isCancelled(part: Part): boolean {
  for (let each: Part | null = part; each !== null; each = each.parent) {
    if (each.cancelled) return true;
    if (each.shielded) return false;
  }
  return false;
}

function isBackground(part: Part): boolean {
  for (let each: Part | null = part; each !== null; each = each.parent) if (each.background === true) return true;
  return false;
}

function hop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Time and structure for one part. `inside` makes the effects of a part below it. */
export function timingOf(clock: VirtualClock, part: Part, inside: (part: Part) => Effects): Timing {
  const below = (shielded: boolean): Part => ({ parent: part, shielded, cancelled: false });
  return {
    now: () => clock.now,
    async sleep(ms) {
      await clock.wait(part, () => false, clock.now + ms);
    },
    async waitFor(predicate, until) {
      if (predicate()) return true;
      return clock.wait(part, predicate, until ?? null);
    },
    checkpoint: () => clock.checkpoint(part),
    async all(tasks) {
      const ends = await Promise.allSettled(tasks.map((task) => task(inside(part))));
      return ends.map((end) => {
        if (end.status === 'rejected') throw end.reason;
        return end.value;
      });
    },
    async race(tasks, background = []) {
      const behind = (): Part => ({ ...below(false), background: true });
      const parts = [...tasks.map(() => below(false)), ...background.map(behind)];
      const running = [...tasks, ...background].map((task, index) => task(inside(parts[index] ?? part)));
      try {
        return await Promise.race(running);
      } finally {
        for (const each of parts) each.cancelled = true;
        await Promise.allSettled(running);
      }
    },
    scope(body) {
      const inner = below(false);
      return { result: body(inside(inner)), cancel: () => void (inner.cancelled = true) };
    },
    shield: (body) => body(inside(below(true))),
  };
}
