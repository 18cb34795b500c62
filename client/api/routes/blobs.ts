import { z } from 'zod';

import { isOfDefinition, isOfProcess } from '../../blob-owner';
import type { Subject } from '../authorize';
import type { ApiContext } from '../context';
import { RequestError } from '../errors';
import { defineRoute, get } from '../route';
import type { Caller } from '../route';
import { aboutDefinition, aboutRun } from '../subjects';

const Params = z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/) });

const Query = z.strictObject({
  /** Of a run: its plan, host shards of it, its runbook, states that it has stored. */
  run: z.string().min(1).max(200).exactOptional(),
  /** Of a definition, with its name: its text, files beside it. */
  kind: z.string().min(1).max(100).exactOptional(),
  name: z.string().min(1).max(300).exactOptional(),
});

interface BlobCall {
  readonly params: z.infer<typeof Params>;
  readonly query: z.infer<typeof Query>;
  readonly caller: Caller;
}

/** Bytes have no scope of their own: whoever may not see everything says what they belong to, and may see that. */
const blob = defineRoute({
  ...get('/blobs/:digest'),
  summary: 'The bytes that a digest names, with what they belong to: a run, or a definition',
  action: 'definition.read',
  about: aboutBlob,
  params: Params,
  query: Query,
  answer: z.object({ digest: z.string(), base64: z.base64() }),
  async handle({ params: { digest }, query }, { store }) {
    const bytes = (await belongs({ params: { digest }, query }, store)) ? await store.blobs.get(digest) : null;
    if (bytes === null) throw unknownBlob(digest);
    return { digest, base64: Buffer.from(bytes).toString('base64') };
  },
});

async function aboutBlob(
  { params: { digest }, query, caller }: BlobCall,
  context: ApiContext,
): Promise<Subject | null> {
  const missing = (): RequestError => unknownBlob(digest);
  const { run, kind, name } = query;
  if (run !== undefined) {
    const owner = await aboutRun({ params: { ref: run } }, context);
    return owner === null ? null : { ...owner, missing };
  }
  if (kind !== undefined && name !== undefined) {
    const definition = { params: { kind, name }, caller };
    const owner = await aboutDefinition(definition, context);
    return owner === null ? null : { ...owner, missing };
  }
  // Of no scope: for those who may see everything.
  return { scope: {}, seenBy: 'definition.read', missing };
}

async function belongs(
  { params: { digest }, query }: Omit<BlobCall, 'caller'>,
  store: ApiContext['store'],
): Promise<boolean> {
  const { run, kind, name } = query;
  if (run !== undefined) {
    const found = await store.views.findRun(run);
    return found !== null && isOfProcess(store, found, digest);
  }
  if (kind === undefined || name === undefined) return true;
  const versions = (await store.definitions.list({ kind })).filter((row) => row.name === name);
  return isOfDefinition(versions, digest);
}

function unknownBlob(digest: string): RequestError {
  return new RequestError(
    'BLOB_NOT_FOUND',
    `Cannot find blob "${digest}": not in the store, or not of what it was asked for`,
  );
}

export const blobRoutes = [blob] as const;
