import { z } from 'zod';

import { DefinitionView } from '../api/schema';
import { readPublished } from '../../activities/plans/published';
import type { PublishedDocuments } from '../../activities/plans/published';
import type { ApiClient } from './api-client';
import { everyPage } from './every-page';
import { apiPath } from '../typed/path';

const Definitions = z.object({ definitions: z.array(DefinitionView), next: z.string().nullable() });
const Blob = z.object({ base64: z.base64() });

/** What is published in the engine, for references that the given files leave open. */
export async function publishedSources(api: ApiClient): Promise<PublishedDocuments> {
  const pages = await everyPage(api, { path: '/definitions', query: { text: true } }, Definitions);
  const definitions = pages.flatMap((page) => page.definitions);
  return readPublished(definitions, async (digest, { kind, name }) => {
    const { base64 } = await api.get(apiPath`/blobs/${digest}`, { kind, name }, Blob);
    return new Uint8Array(Buffer.from(base64, 'base64'));
  });
}
