/** Least recently used entries leave first. Two callers that ask at once share one load. */
export class BoundedCache<T> {
  readonly #entries = new Map<string, Promise<T>>();

  constructor(
    private readonly limit: number,
    private readonly load: (key: string) => Promise<T>,
  ) {}

  get(key: string): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const loading = this.load(key);
    this.#entries.set(key, loading);
    loading.catch(() => this.#entries.delete(key));
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.limit) break;
      this.#entries.delete(oldest);
    }
    return loading;
  }
}
