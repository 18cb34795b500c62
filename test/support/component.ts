import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server of its own for one test: it runs by its own configuration, and ends with this process. */
export interface Component {
  stop(): Promise<void>;
}

export interface ComponentOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** Asked until it says yes. */
  readonly ready: () => Promise<boolean>;
  /** What it says goes here, and into the error when it does not start. */
  readonly logFile: string;
  /** Account that it runs as; absent: that of this process. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

const startWithinMs = 15_000;

/** Debian's `sbin` is not on everybody's path. */
const places = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Answers where a program is; says which Debian package brings it where it is missing. */
export function findProgram(name: string, debianPackage: string): string {
  const found = places.map((place) => join(place, name)).find(isThere);
  if (found === undefined)
    throw new Error(`Cannot find the program "${name}": install the Debian package "${debianPackage}"`);
  return found;
}

export async function startComponent(options: ComponentOptions): Promise<Component> {
  const { program, args, ready, logFile, owner } = options;
  // The shell ends the server when this process is gone, however it went: its end of the pipe closes.
  const guard = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & server=$!; cat >/dev/null; kill $server; wait $server';
  const child = spawn('/bin/sh', ['-c', guard, 'sh', logFile, program, ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    ...owner,
  });
  const gone = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await gone;
  };
  for (const giveUpAt = Date.now() + startWithinMs; !(await ready());) {
    if (Date.now() > giveUpAt) {
      await stop();
      throw new Error(
        `Cannot start ${program}: ${(await readFile(logFile, 'utf8').catch(() => '')).trim() || 'no answer'}`,
      );
    }
    await sleep(20);
  }
  return { stop };
}

export function listens(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
