import { Readable } from 'node:stream';

import { z } from 'zod';

import type { OutputAddress, OutputStream, Store } from '../../../platform/store/store';
import { requireRun } from '../../journaled';
import { attachment, byteRangeOf } from '../download';
import type { ByteRange, Download } from '../download';
import { defineDownload, get } from '../route';
import { aboutRun } from '../subjects';

/** The most that is read at once, and the longest range. */
const partBytes = 1024 * 1024;

const output = defineDownload({
  ...get('/runs/:ref/output'),
  summary: 'What one job wrote, as it wrote it; a range of bytes, or a file to keep',
  action: 'run.read',
  about: aboutRun,
  params: z.object({ ref: z.string().min(1).max(200) }),
  query: z.strictObject({
    /** As in the hosts of the run: `upgrade/host:web1/install`. */
    path: z.string().min(1).max(4_000),
    phase: z.enum(['do', 'undo', 'probe']).default('do'),
    generation: z.coerce.number().int().min(0).max(1_000_000).default(1),
    stream: z.enum(['stdout', 'stderr']).default('stdout'),
    download: z.stringbool().default(false),
  }),
  async handle({ params, query, caller }, { store }): Promise<Download> {
    const run = await requireRun(store, params.ref);
    const { stream, download, ...address } = query;
    const place: OutputPlace = { address: { runId: run.id, ...address }, stream };
    const sizeBytes = await store.outputs.size(place.address, stream);
    const name = attachment(`run-${run.number}-${query.path}.${stream}.txt`);
    const headers = {
      // What hosts wrote is nobody's page: it is never run or shown as anything but text.
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      ...(download ? { 'content-disposition': name } : {}),
    };
    const asked = byteRangeOf(caller.range, sizeBytes);
    if (asked === null) return { kind: 'download', status: 200, headers, bytes: wholeOf(store, place, sizeBytes) };
    const end = Math.min(asked.end, asked.from + partBytes);
    return {
      kind: 'download',
      status: 206,
      headers: { ...headers, 'content-range': `bytes ${asked.from}-${end - 1}/${sizeBytes}` },
      bytes: await readPart(store, place, { from: asked.from, end }),
    };
  },
});

interface OutputPlace {
  readonly address: OutputAddress;
  readonly stream: OutputStream;
}

/** Part by part: output may be larger than what the API should hold at once. */
function wholeOf(store: Store, place: OutputPlace, sizeBytes: number): Readable {
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < sizeBytes; from += partBytes)
      yield await readPart(store, place, { from, end: Math.min(sizeBytes, from + partBytes) });
  }
  return Readable.from(parts());
}

function readPart({ outputs }: Store, { address, stream }: OutputPlace, { from, end }: ByteRange): Promise<Uint8Array> {
  return outputs.read(address, stream, from, end - from);
}

export const runOutputRoutes = [output] as const;
