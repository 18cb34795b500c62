import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { mainstayWithin } from './chaos/client';
import type { Figure } from './figure';

const limitMs = 300_000;
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'];

/** What a year of so many plans comes to, from their files to what is printed. */
export async function forecastFigures(count: number): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-forecast-'));
  try {
    const plans = Array.from({ length: count }, (_none, index) => planText(index));
    await writeFile(join(folder, 'plans.yaml'), plans.join('---\n'));
    const began = performance.now();
    const ran = await mainstayWithin(limitMs, ['backup', 'forecast', folder, '--days', '365']);
    const value = performance.now() - began;
    if (ran.exitCode !== 0) throw new Error(`Cannot take the figure: ${ran.stderr}`);
    process.stderr.write(`${ran.stderr}\n${ran.stdout}\n`);
    const name = `forecast of a year of ${count.toLocaleString('en')} backup plans`;
    return [{ name, value, unit: 'ms', target: '< 30,000' }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Hourly increments, a full backup each night, a drill each week. */
function planText(index: number): string {
  const minute = index % 60;
  return stringify({
    apiVersion: 'mainstay/v1',
    kind: 'BackupPlan',
    metadata: { name: `plan-${index}`, owner: 'team/bench' },
    spec: {
      service: `service-${index}`,
      provider: 'restic',
      host: `host-${index}`,
      source: ['/srv'],
      repositories: { primary: { location: `/backup/${index}` } },
      zone: zones[index % zones.length],
      backups: [
        { id: 'nightly', kind: 'full', schedule: { cron: `${minute} ${index % 5} * * *` } },
        { id: 'hourly', kind: 'incremental', schedule: { cron: `${(minute + 30) % 60} * * * *` } },
      ],
      drill: { schedule: { cron: `${minute} 6 * * ${index % 7}` }, identity: { hostName: `host-${index}` } },
    },
  });
}
