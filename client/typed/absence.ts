import { messageOf } from '../../platform/system-error';
import { isRequestError } from '../api/errors';
import { isApiRefusal } from './refusal';

export interface Patience {
  readonly note: (text: string) => void;
  readonly pause: (ms: number) => Promise<void>;
}

/** Longer than a restart of everything takes; after that nobody can say whether the engine comes back. */
const absenceLimitMs = 120_000;
const longestPauseMs = 1_000;

/** Bridges the time in which an engine that was there is away: one note when it goes, one when it is back, and an end of patience. */
export class Absence {
  #sinceMs: number | null = null;
  #pausedMs = 0;

  constructor(private readonly patience: Patience) {}

  /** Waits a moment. What is no absence is thrown again, and so is one that lasts too long. */
  async bear(error: unknown): Promise<void> {
    if (!isAbsence(error)) throw error;
    const now = Date.now();
    if (this.#sinceMs === null) {
      this.#sinceMs = now;
      this.patience.note(`${messageOf(error)}; trying again for ${absenceLimitMs / 1_000} s`);
    }
    if (Math.max(now - this.#sinceMs, this.#pausedMs) > absenceLimitMs) throw error;
    const pauseMs = Math.min(longestPauseMs, 100 + this.#pausedMs / 4);
    this.#pausedMs += pauseMs;
    await this.patience.pause(pauseMs);
  }

  over(): void {
    if (this.#sinceMs === null) return;
    this.patience.note('The engine answers again');
    this.#sinceMs = null;
    this.#pausedMs = 0;
  }
}

/** Asks until there is an answer or a refusal. Only for what may be asked twice. */
export async function patiently<T>(patience: Patience, ask: () => Promise<T>): Promise<T> {
  const absence = new Absence(patience);
  for (;;) {
    try {
      const answer = await ask();
      absence.over();
      return answer;
    } catch (error) {
      await absence.bear(error);
    }
  }
}

function isAbsence(error: unknown): boolean {
  if (isRequestError(error)) return error.code === 'NOT_CONNECTED';
  return isApiRefusal(error) && error.code === 'ENGINE_UNAVAILABLE';
}
