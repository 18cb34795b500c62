import { z } from 'zod';

import { RequestError } from '../errors';
import type { Route } from '../route';
import { defineRoute, get, post } from '../route';
import { AppliedDefinition, DefinitionSummary, DefinitionView } from '../schema';

const apply = defineRoute({
  ...post('/definitions'),
  summary: 'Publish definitions: the same text again changes nothing, other text under the same version is refused',
  body: z.strictObject({
    actor: z.string().regex(/^(user|service)\/[^\s/]+$/, 'Expected user/<login>'),
    sources: z
      .array(
        z.strictObject({ name: z.string(), text: z.string(), files: z.record(z.string(), z.base64()).default({}) }),
      )
      .min(1),
  }),
  answer: z.object({ definitions: z.array(AppliedDefinition) }),
  async handle({ body, caller }, { registry, changes, backups }) {
    const applied = await registry.apply(body.sources, { actor: body.actor, via: caller.via });
    const published = applied.filter(({ result }) => result === 'published');
    await changes.announce([...new Set(published.map(({ kind }) => kind))]);
    await backups.announce(published);
    return { definitions: [...applied] };
  },
});

const list = defineRoute({
  ...get('/definitions'),
  summary: 'Published definitions; with text=true each with its text and files',
  query: z.strictObject({ kind: z.string().exactOptional(), text: z.stringbool().default(false) }),
  answer: z.object({ definitions: z.array(z.union([DefinitionView, DefinitionSummary])) }),
  async handle({ query }, { store }) {
    const found = await store.definitions.list(query.kind === undefined ? {} : { kind: query.kind });
    if (query.text) return { definitions: [...found] };
    return { definitions: found.map(({ kind, name, version, digest }) => ({ kind, name, version, digest })) };
  },
});

const show = defineRoute({
  ...get('/definitions/:kind/:name'),
  summary: 'A published definition, the newest or the given version; a slash in the name is written %2F',
  params: z.object({ kind: z.string(), name: z.string() }),
  query: z.strictObject({ version: z.string().exactOptional() }),
  answer: DefinitionView,
  async handle({ params, query }, { store }) {
    const found = await store.definitions.get(params.kind, params.name, query.version);
    if (found !== null) return found;
    const wanted = query.version === undefined ? params.name : `${params.name}@${query.version}`;
    throw new RequestError('DEFINITION_NOT_FOUND', `Cannot find ${params.kind} "${wanted}": not published`);
  },
});

const blob = defineRoute({
  ...get('/blobs/:digest'),
  summary: 'The bytes that a digest names: files of a definition, host shards of a plan, shown outputs',
  params: z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/) }),
  answer: z.object({ digest: z.string(), base64: z.base64() }),
  async handle({ params }, { store }) {
    const bytes = await store.blobs.get(params.digest);
    if (bytes === null)
      throw new RequestError('BLOB_NOT_FOUND', `Cannot find blob "${params.digest}": not in the store`);
    return { digest: params.digest, base64: Buffer.from(bytes).toString('base64') };
  },
});

export const definitionRoutes: readonly Route[] = [apply, list, show, blob];
