import { startOfDay, wallDayMs } from './wall-time';
import type { WallMs } from './wall-time';
import type { Zone } from './zone';

/** What the clock of the zone does at a time of the wall: goes on, leaves it out, or shows it twice. */
export type ClockChange = 'none' | 'skipped' | 'repeated';

export interface WallInstant {
  readonly atMs: number;
  readonly change: ClockChange;
}

/**
 * A zone that is asked about many times of few days: on a day that begins and ends with the same offset from UTC, time is arithmetic.
 * No zone has ever changed its clock forth and back within one day.
 */
export class DayClock {
  /** By the first moment of the day; null: the clock changes on it. */
  readonly #offsets = new Map<WallMs, number | null>();

  constructor(readonly zone: Zone) {}

  /** R-TIME-3: the first of two, and moved on by the gap where there is none. */
  instantOf(wall: WallMs): WallInstant {
    const day = startOfDay(wall);
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      offset = this.#offsetOf(day);
      this.#offsets.set(day, offset);
    }
    return offset === null ? this.#exactly(wall) : { atMs: wall - offset, change: 'none' };
  }

  #offsetOf(day: WallMs): number | null {
    const [first, last] = [this.zone.instantOf(day), this.zone.instantOf(day + wallDayMs)];
    const isPlain = last - first === wallDayMs && this.zone.wallOf(first) === day;
    return isPlain ? day - first : null;
  }

  #exactly(wall: WallMs): WallInstant {
    const atMs = this.zone.instantOf(wall);
    const shown = this.zone.wallOf(atMs);
    if (shown !== wall) return { atMs, change: 'skipped' };
    const later = atMs + wallDayMs;
    const again = wall - (this.zone.wallOf(later) - later);
    const isRepeated = again > atMs && this.zone.wallOf(again) === wall;
    return { atMs, change: isRepeated ? 'repeated' : 'none' };
  }
}
