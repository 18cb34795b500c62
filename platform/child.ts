import { z } from 'zod';

/**
 * The contract between `mainstay up` and its children.
 *
 * - H1 A child says once, in one line of JSON on standard output, that it is ready. Logs go to standard error.
 * - H2 A child ends when its standard input ends: so a supervisor that is killed leaves nothing behind.
 * - H3 SIGTERM means the same as H2. A child stops once, however often it is told.
 */
export const ReadyLine = z.looseObject({ ready: z.literal(true) });
export type ReadyLine = z.infer<typeof ReadyLine>;

export function announceReady(info: Readonly<Record<string, string | number | boolean>> = {}): void {
  process.stdout.write(`${JSON.stringify({ ready: true, ...info })}\n`);
}

export interface ChildLife {
  /** `config.supervised`: only then the end of standard input means anything. */
  readonly supervised: boolean;
  /** Ends the work cleanly. The process exits when it has settled: 0, or 1 when it throws. */
  readonly stop: () => Promise<void>;
  /** A process that is still there so long after it was told exits with 1. */
  readonly graceMs?: number;
}

export function exitWhenParentGoes(life: ChildLife): void {
  const stopOnce = once(() => stopAndExit(life));
  process.on('SIGTERM', stopOnce);
  process.on('SIGINT', stopOnce);
  if (!life.supervised) return;
  process.stdin.on('end', stopOnce);
  process.stdin.on('close', stopOnce);
  process.stdin.on('error', stopOnce);
  process.stdin.resume();
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

function stopAndExit(life: ChildLife): void {
  setTimeout(() => process.exit(1), life.graceMs ?? 30_000).unref();
  void life.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`Cannot stop cleanly: ${describeCause(error)}\n`);
      process.exit(1);
    },
  );
}

function describeCause(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
