import { OperatorError } from './system-error';

export interface Awaited {
  /** For the message: "a worker take tasks". */
  readonly what: string;
  readonly withinMs: number;
  readonly hint: string;
  check(): Promise<boolean>;
}

const pollMs = 50;

/** Looks until it is so; gives up with a message that says what was waited for. */
export async function waitUntil(awaited: Awaited): Promise<void> {
  const until = Date.now() + awaited.withinMs;
  while (!(await awaited.check())) {
    if (Date.now() > until) {
      throw new OperatorError({
        code: 'NOT_READY_IN_TIME',
        message: `Cannot see ${awaited.what}: nothing within ${String(Math.round(awaited.withinMs / 1000))} s`,
        hint: awaited.hint,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
