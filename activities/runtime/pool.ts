export interface PoolOptions {
  readonly parallel: number;
  /** Asked before each start; once it answers false, nothing further starts. */
  readonly goOn: () => boolean;
}

/**
 * Works through a list with bounded concurrency, in order of starting. Answers after everything that was started has settled;
 * then the first error is thrown. Undefined stands for what was not started.
 */
export async function inPool<T, R>(
  items: readonly T[],
  options: PoolOptions,
  work: (item: T, position: number) => Promise<R>,
): Promise<readonly (R | undefined)[]> {
  const results: (R | undefined)[] = items.map(() => undefined);
  const errors: unknown[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < items.length && errors.length === 0 && options.goOn()) {
      const position = next;
      next += 1;
      for (const item of items.slice(position, position + 1)) {
        try {
          results[position] = await work(item, position);
        } catch (error) {
          errors.push(error);
        }
      }
    }
  }
  const width = Math.max(1, Math.min(options.parallel, items.length));
  await Promise.all(Array.from({ length: width }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
