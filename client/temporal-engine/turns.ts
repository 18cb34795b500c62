import { Semaphore } from '../../platform/semaphore';

/** At most so many at a time for each key; the keys do not wait for each other. */
export class Turns {
  readonly #keys = new Map<string, { readonly semaphore: Semaphore; users: number }>();

  constructor(private readonly atATime: number) {}

  async take<T>(key: string, body: () => Promise<T>): Promise<T> {
    const known = this.#keys.get(key) ?? { semaphore: new Semaphore(this.atATime), users: 0 };
    this.#keys.set(key, known);
    known.users += 1;
    try {
      return await known.semaphore.run(body);
    } finally {
      known.users -= 1;
      if (known.users === 0) this.#keys.delete(key);
    }
  }
}
