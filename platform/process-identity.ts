import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { messageOf } from './system-error';

/** A process number alone is given again; with the start time it names one process. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** Null when there is no such process, or only what is left of one that ended. */
export async function processIdentity(pid: number): Promise<ProcessIdentity | null> {
  const startTime = process.platform === 'linux' ? await startTimeOfProc(pid) : await startTimeOfPs(pid);
  return startTime === null ? null : { pid, startTime };
}

export async function isSameProcess(known: ProcessIdentity): Promise<boolean> {
  const found = await processIdentity(known.pid);
  return found !== null && found.startTime === known.startTime;
}

/** Asks it to end, and after the grace time makes it. True when it is gone. */
export async function endProcess(known: ProcessIdentity, graceMs: number): Promise<boolean> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isSameProcess(known))) return true;
    sendSignal(known.pid, signal);
    if (await waitUntilGone(known, graceMs)) return true;
  }
  return false;
}

async function waitUntilGone(known: ProcessIdentity, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  for (;;) {
    if (!(await isSameProcess(known))) return true;
    if (Date.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!messageOf(error).includes('ESRCH')) throw error;
  }
}

/** The name of the program may hold spaces and brackets: fields are counted from the last bracket on. */
async function startTimeOfProc(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === undefined || state === 'Z' || startTicks === undefined ? null : startTicks;
}

async function startTimeOfPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() === '' ? null : stdout.trim();
  } catch {
    return null;
  }
}
