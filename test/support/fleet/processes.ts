import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ends every process that carries the fleet's mark in its environment: jobs outlive their connections on purpose. */
export async function endProcessesOf(fleetId: string): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const pids = await processesOf(fleetId);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid, 'SIGKILL');
    await sleep(20);
  }
}

export async function processesOf(fleetId: string): Promise<readonly number[]> {
  const mark = `MAINSTAY_FLEET=${fleetId}\0`;
  const entries = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
        return `${environment}\0`.includes(mark) ? Number(pid) : null;
      }),
  );
  return found.filter((pid): pid is number => pid !== null && pid !== process.pid);
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
