import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { childEnvironment } from '../platform/config';
import { ApiClient } from '../client/cli/api-client';

const cliPath = join(__dirname, '..', 'client', 'cli', 'main.js');
const Children = z.object({ children: z.record(z.string(), z.object({ pid: z.int().nullable() })) });

/** A whole engine as its user starts it: `mainstay up` in a process of its own. */
export interface Engine {
  readonly api: ApiClient;
  /** Null while it is between two lives. */
  pidOf(child: 'worker' | 'server' | 'api'): Promise<number | null>;
  stop(): Promise<void>;
}

export async function startEngine(dataDirectory: string): Promise<Engine> {
  const child = spawn(process.execPath, [cliPath, 'up', '--data', dataDirectory, '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The pointer to the user's own engine stays as it is.
    env: childEnvironment({ XDG_CONFIG_HOME: dataDirectory }),
  });
  const url = await readyUrl(child);
  const token = (await readFile(join(dataDirectory, 'token'), 'utf8')).trim();
  return {
    api: new ApiClient(url, token),
    async pidOf(name) {
      const endpoint = Children.parse(JSON.parse(await readFile(join(dataDirectory, 'endpoint.json'), 'utf8')));
      return endpoint.children[name]?.pid ?? null;
    },
    stop: () => stopChild(child),
  };
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Cannot start the engine: it ended with ${code}`)));
    child.stdout?.once('data', (line) => resolve(z.object({ url: z.url() }).parse(JSON.parse(String(line))).url));
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await gone;
}
