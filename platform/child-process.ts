import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

import { ReadyLine } from './child';
import type { ChildLog } from './child-log';
import { messageOf } from './system-error';

/** What to run, in which environment. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ReadinessContext {
  readonly log: ChildLog;
  readonly signal: AbortSignal;
}

/** Its own process group, a pipe as standard input, standard error straight into the log. */
export function startProcess(command: Command, log: ChildLog): ChildProcess {
  const child = spawn(command.command, [...command.args], {
    env: { ...command.env },
    detached: true,
    stdio: ['pipe', 'pipe', log.descriptor],
  });
  // A child that died before we closed its pipe: that it ended is told by `exit`.
  child.stdin?.on('error', () => undefined);
  return child;
}

/** How it ended, in words. */
export function ending(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve('ended');
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${messageOf(error)})`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`),
    );
  });
}

/** The first line that says so; every other line goes to the log. */
export async function readyLine(child: ChildProcess, context: ReadinessContext): Promise<ReadyLine> {
  const { stdout } = child;
  if (stdout === null) throw new Error('Cannot read standard output: it is not a pipe');
  return new Promise((resolve, reject) => {
    context.signal.addEventListener('abort', () => reject(new Error('not ready in time')), { once: true });
    createInterface({ input: stdout }).on('line', (line) => {
      const ready = parseReadyLine(line);
      if (ready === null) context.log.write(`${line}\n`);
      else resolve(ready);
    });
  });
}

function parseReadyLine(line: string): ReadyLine | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed = ReadyLine.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The child leads its group, so the group's number is not given again while any of it lives. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of it is left.
  }
}
