/** Whether the run is about to continue as new: then nothing new begins, and what can be left is left. */
export class Suspension {
  #requested = false;
  readonly #listeners = new Set<() => void>();

  get requested(): boolean {
    return this.#requested;
  }

  request(): void {
    if (this.#requested) return;
    this.#requested = true;
    for (const listener of this.#listeners) listener();
  }

  /** Answers how to stop listening. */
  onRequest(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
