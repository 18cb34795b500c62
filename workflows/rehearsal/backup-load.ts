import { minuteMs } from '../domain/duration';

/** The most of something at once, and the first minute in which it is so. */
export interface Peak {
  readonly most: number;
  /** Null: there is nothing at any time. */
  readonly atMs: number | null;
}

/** How much goes on in each minute of a stretch: as large for a million operations as for one. */
export class LoadCurve {
  /** What begins less what ends in each minute. */
  readonly #changes: Int32Array;

  constructor(
    private readonly fromMs: number,
    untilMs: number,
  ) {
    this.#changes = new Int32Array(Math.ceil((untilMs - fromMs) / minuteMs) + 1);
  }

  /** Every minute of which it takes a part counts. */
  add(startMs: number, endMs: number): void {
    this.#change(Math.floor((startMs - this.fromMs) / minuteMs), 1);
    this.#change(Math.ceil((endMs - this.fromMs) / minuteMs), -1);
  }

  peak(): Peak {
    let [now, most, at] = [0, 0, -1];
    for (const [minute, change] of this.#changes.subarray(0, -1).entries()) {
      now += change;
      if (now > most) [most, at] = [now, minute];
    }
    return { most, atMs: at < 0 ? null : this.fromMs + at * minuteMs };
  }

  #change(minute: number, by: number): void {
    const at = Math.min(Math.max(minute, 0), this.#changes.length - 1);
    this.#changes[at] = (this.#changes[at] ?? 0) + by;
  }
}
