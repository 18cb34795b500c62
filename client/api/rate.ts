/** How often something may happen: as many at once as `burst`, and `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  readonly rate: Rate;
  readonly left: number;
  readonly at: number;
}

/** A flood of made-up callers takes no more memory than this many of them. */
const bucketsKept = 20_000;

/**
 * Token buckets by key. Time comes in as a number, and never goes backwards for a bucket: a clock that was set back gives nobody
 * anything, and takes nothing away.
 */
export class Rates {
  readonly #buckets = new Map<string, Bucket>();

  /** 0: it may happen, and was counted. Else milliseconds until it may. */
  take(key: string, rate: Rate, now: number): number {
    const bucket = this.#buckets.get(key) ?? { rate, left: rate.burst, at: now };
    const at = Math.max(now, bucket.at);
    const left = filled(bucket, at);
    // To the end: the first ones of the map are those that were not asked for the longest.
    this.#buckets.delete(key);
    this.#buckets.set(key, { rate, left: left < 1 ? left : left - 1, at });
    this.#forget();
    return left < 1 ? Math.ceil(((1 - left) / rate.perSecond) * 1000) : 0;
  }

  get size(): number {
    return this.#buckets.size;
  }

  #forget(): void {
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= bucketsKept) return;
      this.#buckets.delete(key);
    }
  }
}

function filled({ rate, left, at }: Bucket, now: number): number {
  return Math.min(rate.burst, left + ((now - at) / 1000) * rate.perSecond);
}
