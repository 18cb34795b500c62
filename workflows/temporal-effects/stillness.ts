import { CancellationScope, condition } from '@temporalio/workflow';

/** Knows what the parts of a run wait for, and so when none of them can go on by itself. */
export class Stillness {
  readonly #waits = new Set<() => boolean>();

  /** `condition()`, and known to be waited for. */
  async until(predicate: () => boolean, forMs?: number): Promise<void> {
    this.#waits.add(predicate);
    try {
      await (forMs === undefined ? condition(predicate) : condition(predicate, forMs));
    } finally {
      this.#waits.delete(predicate);
    }
  }

  /** Once every part has come to where it waits for the world. */
  reached(): Promise<void> {
    return CancellationScope.nonCancellable(async () => {
      // False at first: conditions are looked at again only when all code that could run has run.
      let isAsked = false;
      const still = condition(() => isAsked && ![...this.#waits].some((isOver) => isOver()));
      isAsked = true;
      await still;
    });
  }
}
