import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { readEventStream } from '../../client/typed/event-stream';
import { dataPaths, readToken } from '../../platform/data-directory';
import { readEndpoint } from '../../platform/endpoint';
import { openStore } from '../../platform/store/open';
import type { Store } from '../../platform/store/store';
import { startUp } from '../../test/support/up-process';
import { percentile } from '../statistics';
import { MemoryWatch } from './memory';

export interface TorrentReport {
  readonly linesWritten: number;
  readonly linesRead: number;
  readonly linesPerSecond: number;
  /** From the writing of a line to its arrival. */
  readonly lagP95Ms: number;
  readonly mostMb: number;
}

const hosts = 100;
const linesAtOnce = 10;
/** 100 hosts, ten times a second, ten lines each: as workers hand over what hosts say. */
const everyMs = 100;
const runId = 'rtorrentbench';

/** 10,000 lines a second of one run to one reader, by a real API. */
export async function torrent(seconds: number): Promise<TorrentReport> {
  const data = await mkdtemp(join(tmpdir(), 'mainstay-torrent-'));
  const up = await startUp({ folder: data, data, settings: {} });
  const paths = dataPaths(data);
  const store = await openStore({ kind: 'libsql', file: paths.store });
  const memory = new MemoryWatch(data);
  const gone = new AbortController();
  try {
    await createRun(store);
    const { url } = (await readEndpoint(paths)) ?? { url: '' };
    const reading = read({ url, token: await readToken(paths), signal: gone.signal });
    const linesWritten = await write(store, seconds);
    await sleep(2_000);
    gone.abort();
    const { linesRead, lags } = await reading;
    return {
      linesWritten,
      linesRead,
      linesPerSecond: linesRead / seconds,
      lagP95Ms: percentile(lags, 95),
      mostMb: Math.max(...memory.samples.map(({ rssMb }) => rssMb)),
    };
  } finally {
    gone.abort();
    memory.stop();
    await store.close();
    await up.stop('SIGTERM');
    await rm(data, { recursive: true, force: true });
  }
}

async function createRun(store: Store): Promise<void> {
  const definition = { name: 'torrent', version: '1.0.0', digest: '', title: 'Torrent', owner: 'team/bench' };
  const identity = { number: 1_000_000, definition, planHash: '', planDigest: '', requester: 'user/anna' };
  const created = {
    key: 'run.created',
    kind: 'run.created',
    at: Date.now(),
    actor: 'user/anna',
    via: 'bench',
  } as const;
  const started = { ...created, key: 'run.started', kind: 'run.started', payload: { resumed: false } } as const;
  const payload = { ...identity, inputs: {}, parent: null, labels: {} };
  await store.journal.append(`run/${runId}`, [{ ...created, payload }, started]);
}

async function write(store: Store, seconds: number): Promise<number> {
  const offsets = Array.from({ length: hosts }, () => 0);
  let lines = 0;
  const startedAt = Date.now();
  for (let round = 0; round < (seconds * 1_000) / everyMs; round += 1) {
    await sleep(Math.max(0, startedAt + round * everyMs - Date.now()));
    const bytes = Buffer.from(
      `${Date.now()} what a host says while it upgrades its packages, one line of it\n`.repeat(linesAtOnce),
    );
    await Promise.all(
      offsets.map(async (offset, host) => {
        const address = { runId, path: `upgrade/host:h${host}/install`, phase: 'do', generation: 1 };
        await store.outputs.write(address, 'stdout', offset, bytes);
        offsets[host] = offset + bytes.length;
      }),
    );
    lines += hosts * linesAtOnce;
  }
  return lines;
}

const Chunks = z.array(z.object({ base64: z.string() }));

async function read(place: { url: string; token: string; signal: AbortSignal }) {
  const lags: number[] = [];
  let linesRead = 0;
  try {
    const response = await fetch(`${place.url}/api/v1/runs/${runId}/logs/events?lists=true`, {
      headers: { authorization: `Bearer ${place.token}` },
      signal: place.signal,
    });
    if (response.body === null) throw new Error('Cannot read the output: the answer is empty');
    for await (const { event, data } of readEventStream(response.body)) {
      if (event !== 'chunk') continue;
      for (const { base64 } of Chunks.parse(JSON.parse(data))) {
        const text = Buffer.from(base64, 'base64').toString('utf8');
        linesRead += text.split('\n').length - 1;
        lags.push(Date.now() - Number.parseInt(text, 10));
      }
    }
  } catch (error) {
    if (!place.signal.aborted) throw error;
  }
  return { linesRead, lags };
}
