import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

import { findProgram } from './component';

const run = promisify(execFile);

/** A network namespace of its own: whatever is changed in it, the rules of this machine stay. */
export interface NetworkNamespace {
  /** Words that run a program in it, for whoever may enter: root, or without root the user of this process. */
  readonly enter: readonly string[];
  run(program: string, ...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export async function openNetworkNamespace(): Promise<NetworkNamespace> {
  const asRoot = process.getuid?.() === 0;
  // The shell holds the namespace, and lets it go when this process is gone: its end of the pipe closes.
  const how = asRoot ? ['--net'] : ['--user', '--map-root-user', '--net'];
  const holder = spawn(findProgram('unshare', 'util-linux'), [...how, 'sh', '-c', 'echo; cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(holder, 'exit');
  await Promise.race([once(holder.stdout, 'data'), gone]);
  if (holder.exitCode !== null)
    throw new Error('Cannot open a network namespace: run the tests as root, or allow user namespaces to everybody');
  const nsenter = findProgram('nsenter', 'util-linux');
  const users = asRoot ? [] : ['--user', '--preserve-credentials'];
  const enter = [nsenter, ...users, '--net', '-t', `${holder.pid}`];
  return {
    enter,
    run: async (program, ...args) => (await run(nsenter, [...enter.slice(1), program, ...args])).stdout,
    async close() {
      holder.stdin.end();
      await gone;
    },
  };
}
