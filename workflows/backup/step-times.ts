import type { Effects } from '../effects';

/** R-DRILL-7: start and end of each step. */
export interface StepTime {
  readonly step: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** It ends however it ends. */
export async function timed<T>(
  step: string,
  { steps, effects }: { readonly steps: StepTime[]; readonly effects: Effects },
  work: () => Promise<T>,
): Promise<T> {
  const startedAtMs = effects.now();
  try {
    return await work();
  } finally {
    steps.push({ step, startedAtMs, endedAtMs: effects.now() });
  }
}
