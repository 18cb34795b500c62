import { z } from 'zod';

import type { Config, TemporalSettings } from './config';
import { dataPaths, readToken } from './data-directory';
import type { DataPaths } from './data-directory';
import { readEndpoint } from './endpoint';
import type { Endpoint } from './endpoint';
import { connectTemporal } from './temporal';
import { hostAndPort, isServing, knock } from './temporal-health';

/** What runs for one data directory, found by asking, not by believing files. */
export interface SystemStatus {
  readonly running: boolean;
  readonly data: string;
  readonly url: string | null;
  readonly pid: number | null;
  readonly startedAt: string | null;
  readonly parts: readonly PartStatus[];
  readonly openRuns: number | null;
  readonly openTasks: number | null;
  /** By which ways people are told of tasks, besides the command line and the API. */
  readonly channels: readonly string[];
}

export interface PartStatus {
  readonly name: 'server' | 'worker' | 'api';
  readonly up: boolean;
  readonly pid: number | null;
  readonly restarts: number;
  readonly detail: string;
}

/** The part of the API's own answer that is shown here. */
const ApiStatus = z.looseObject({
  workers: z.number(),
  openRuns: z.number(),
  openTasks: z.number(),
  channels: z.array(z.string()).default([]),
  store: z.string(),
});
type ApiStatus = z.infer<typeof ApiStatus>;

export async function readStatus(config: Config, directory: string): Promise<SystemStatus> {
  const paths = dataPaths(directory);
  const endpoint = await readEndpoint(paths);
  if (endpoint === null) return nothingRuns(paths.directory);
  const [serving, api] = await Promise.all([temporalServes(config, endpoint), askApi(endpoint.url, paths)]);
  const parts = [
    part('server', endpoint, { up: serving, detail: endpoint.temporal.address }),
    part('worker', endpoint, { up: (api?.workers ?? 0) > 0, detail: `${String(api?.workers ?? 0)} take tasks` }),
    part('api', endpoint, { up: api !== null, detail: endpoint.url }),
  ];
  return {
    running: parts.every((each) => each.up),
    data: paths.directory,
    url: endpoint.url,
    pid: endpoint.pid,
    startedAt: endpoint.startedAt,
    parts,
    openRuns: api?.openRuns ?? null,
    openTasks: api?.openTasks ?? null,
    channels: api?.channels ?? [],
  };
}

function nothingRuns(data: string): SystemStatus {
  const nothing = { url: null, pid: null, startedAt: null, parts: [], openRuns: null, openTasks: null, channels: [] };
  return { running: false, data, ...nothing };
}

function part(name: PartStatus['name'], endpoint: Endpoint, found: Pick<PartStatus, 'up' | 'detail'>): PartStatus {
  const child = endpoint.children[name];
  return { name, up: found.up, pid: child?.pid ?? null, restarts: child?.restarts ?? 0, detail: found.detail };
}

async function temporalServes(config: Config, endpoint: Endpoint): Promise<boolean> {
  const { address, namespace, embedded } = endpoint.temporal;
  const { host, port } = hostAndPort(address);
  if (!(await knock(host, port))) return false;
  const security = embedded
    ? { apiKey: null, tls: null }
    : { apiKey: config.temporal.apiKey, tls: config.temporal.tls };
  const settings: TemporalSettings = { address, namespace, ...security };
  const connection = await connectTemporal(settings).catch(() => null);
  if (connection === null) return false;
  try {
    return await isServing(connection);
  } finally {
    await connection.close();
  }
}

async function askApi(url: string, paths: DataPaths): Promise<ApiStatus | null> {
  try {
    const headers = { authorization: `Bearer ${await readToken(paths)}` };
    const response = await fetch(`${url}/api/v1/status`, { headers, signal: AbortSignal.timeout(10_000) });
    return response.ok ? ApiStatus.parse(await response.json()) : null;
  } catch {
    return null;
  }
}
