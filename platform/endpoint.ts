import { rm } from 'node:fs/promises';

import { z } from 'zod';

import { replaceFile } from './data-directory';
import type { DataPaths } from './data-directory';
import { readRecordIfThere } from './json-file';
import { isSameProcess, processIdentity } from './process-identity';
import { hasCode } from './system-error';

/** What `up` tells other processes of the same machine. */
export const Endpoint = z.object({
  url: z.url(),
  pid: z.int(),
  /** Start time of the process, so that a number that was given again is not taken for it. */
  startTime: z.string(),
  startedAt: z.string(),
  temporal: z.object({ address: z.string(), namespace: z.string(), embedded: z.boolean() }),
  children: z.record(z.string(), z.object({ pid: z.int().nullable(), state: z.string(), restarts: z.int() })),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** Null when nothing runs here; a file that a killed `up` left behind counts as nothing. */
export async function readEndpoint(paths: DataPaths): Promise<Endpoint | null> {
  const endpoint = await readRecordIfThere(paths.endpoint, Endpoint);
  return endpoint !== null && (await isSameProcess(endpoint)) ? endpoint : null;
}

export async function writeEndpoint(paths: DataPaths, endpoint: Omit<Endpoint, 'pid' | 'startTime'>): Promise<void> {
  const self = await processIdentity(process.pid);
  const record: Endpoint = { ...endpoint, pid: process.pid, startTime: self?.startTime ?? '' };
  await replaceFile(paths.endpoint, `${JSON.stringify(record, null, 2)}\n`);
}

/** False when there was none. */
export async function removeEndpoint(paths: DataPaths): Promise<boolean> {
  try {
    await rm(paths.endpoint);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
