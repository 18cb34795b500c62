import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import { childEnvironment } from '../../platform/config';
import { builtProgram } from '../../platform/package-root';

const ReadyInfo = z.object({ ready: z.literal(true), url: z.string(), data: z.string(), temporal: z.string() });
export type ReadyInfo = z.infer<typeof ReadyInfo>;

export const bootMs = 120_000;

/** Where one `mainstay up` lives, and what its environment says beyond that of this process. */
export interface UpPlace {
  readonly folder: string;
  readonly data: string;
  readonly settings: Readonly<Record<string, string | null>>;
  /** Gets the progress of `up`. */
  readonly note?: (text: string) => void;
}

export interface UpProcess {
  readonly process: ChildProcess;
  readonly info: ReadyInfo;
  /** Answers the exit code; -1 after a signal that it did not survive. */
  stop(signal: NodeJS.Signals): Promise<number>;
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** For tests: server and store are its own, whatever services this machine is set up for. */
export function upPlace(folder: string, settings: UpPlace['settings'] = {}): UpPlace {
  return {
    folder,
    data: join(folder, 'data'),
    settings: { TEMPORAL_ADDRESS: null, DATABASE_URL: null, ...settings },
  };
}

/** The built `mainstay up`; settles when it says that it is ready. */
export async function startUp(place: UpPlace, ...more: readonly string[]): Promise<UpProcess> {
  const child = start(place, ['up', '--json', ...(more.length === 0 ? ['--port', '0'] : more)]);
  let notes = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    notes += text;
    place.note?.(text);
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`Cannot start the engine: it ended with ${String(code)}\n${notes.trimEnd()}`)),
    );
  });
  return { process: child, info: ReadyInfo.parse(JSON.parse(line)), stop: (signal) => stopBy(child, signal) };
}

/** One command line of the built `mainstay`, run to its end. */
export async function mainstay(place: UpPlace, ...args: readonly string[]): Promise<Ran> {
  const child = start(place, args);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { exitCode: child.exitCode ?? -1, stdout, stderr };
}

function start(place: UpPlace, args: readonly string[]) {
  return spawn(process.execPath, [builtProgram('client/cli/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The pointer to the user's own engine stays as it is.
    env: childEnvironment({
      XDG_CONFIG_HOME: join(place.folder, 'config'),
      MAINSTAY_DATA: place.data,
      ...place.settings,
    }),
  });
}

async function stopBy(child: ChildProcess, signal: NodeJS.Signals): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode ?? -1;
}
