import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A small Node program, given as text. `line` answers the first line that it prints; `ended` its exit code or signal. */
export interface SmallProgram {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly line: Promise<string>;
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export function startProgram(
  source: string,
  args: readonly string[] = [],
  stderr: 'inherit' | 'ignore' = 'inherit',
): SmallProgram {
  const child = spawn(process.execPath, ['-e', source, ...args], { stdio: ['pipe', 'pipe', stderr] });
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  return { process: child, pid: child.pid ?? 0, line, ended };
}
