import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { readEventStream } from '../../client/typed/event-stream';

export interface ViewerPlace {
  /** Below `/api/v1`. */
  readonly path: string;
  readonly url: string;
  readonly token: string;
}

const backAfterMs = 100;

/** One who watches everything, and comes back whenever the line is cut, with the last id that it has seen. */
export class Viewer {
  /** Positions in the order of arrival. */
  readonly positions: number[] = [];
  comings = 0;
  gaps = 0;
  slow = 0;
  readonly #leaving = new AbortController();
  readonly #watching: Promise<void>;
  #lastId: string | null = null;

  constructor(private readonly place: ViewerPlace) {
    this.#watching = this.#watch();
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      try {
        await this.#listen();
      } catch {
        // The API is dead, or was while it told something: it is asked again.
      }
      await sleep(backAfterMs);
    }
  }

  async #listen(): Promise<void> {
    const { url, path, token } = this.place;
    const response = await fetch(`${url}/api/v1${path}`, {
      headers: {
        authorization: `Bearer ${token}`,
        ...(this.#lastId === null ? {} : { 'last-event-id': this.#lastId }),
      },
      signal: this.#leaving.signal,
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return;
    }
    this.comings += 1;
    for await (const { id, event, data } of readEventStream(response.body)) {
      if (event === 'gap') this.gaps += 1;
      if (event === 'slow') this.slow += 1;
      if (event === 'events')
        for (const { position } of Positions.parse(JSON.parse(data))) this.positions.push(position);
      this.#lastId = id ?? this.#lastId;
    }
  }
}

const Positions = z.array(z.object({ position: z.number() }));
