export interface PassTimes {
  readonly firstAfterMs: number;
  readonly everyMs: number;
}

/** Work that is done once in a while, and tells its failures by itself. Answers how to stop it; what is under way ends first. */
export function startPasses(
  pass: (signal: AbortSignal) => Promise<void>,
  { firstAfterMs, everyMs }: PassTimes,
): () => Promise<void> {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let timer = setTimeout(run, firstAfterMs);
  function run(): void {
    running = pass(stopping.signal);
    timer = setTimeout(run, everyMs);
  }
  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await running;
  };
}
