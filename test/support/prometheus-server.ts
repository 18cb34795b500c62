import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { freePort } from '../../platform/free-port';

export interface PrometheusServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Null where it is missing, which only CI takes for a failure. */
export function findPrometheus(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, 'prometheus')).find((path) => existsSync(path));
  if (found === undefined && process.env['CI'] === 'true')
    throw new Error('Cannot find Prometheus: install the Debian package "prometheus"');
  return found ?? null;
}

/** A server on loopback with a store of its own, which scrapes these addresses every second. */
export async function startPrometheus(program: string, targets: readonly string[]): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  const job = `{ job_name: shop, scrape_interval: 1s, static_configs: [{ targets: [${targets.join(', ')}] }] }`;
  await writeFile(config, `scrape_configs: [${job}]\n`);
  const address = `127.0.0.1:${await freePort()}`;
  const options = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
  ];
  const child = spawn(program, options, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const url = `http://${address}`;
  await answering(`${url}/-/ready`);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answering(url: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Cannot start Prometheus: "${url}" does not answer`);
}
