import { z } from 'zod';

import type { DefinitionRow } from '../../../platform/store/store';
import { compareEachVersion } from '../../../platform/store/version-order';
import type { Access } from '../../access';
import { readActionOf, writeActionOf } from '../../definition-actions';
import { principalsOf } from '../../my-tasks';
import type { Publisher } from '../../registry';
import { NamedActor } from '../actor-schema';
import { Sources } from '../authoring-schema';
import { RequestError } from '../errors';
import { compareKeys, Next, pageOf, pageQuery } from '../page';
import type { Order } from '../page';
import { defineRoute, get, post } from '../route';
import { aboutDefinition } from '../subjects';
import { AppliedDefinition, DefinitionSummary, DefinitionView } from '../schema';

const apply = defineRoute({
  ...post('/definitions'),
  summary: 'Publish definitions: the same text again changes nothing, other text under the same version is refused',
  action: 'definition.write',
  about: 'filtered',
  body: z.strictObject({
    actor: NamedActor,
    sources: Sources,
  }),
  answer: z.object({ definitions: z.array(AppliedDefinition) }),
  async handle({ body, caller: { access } }, { registry, changes, backups, store }) {
    const applied = await registry.apply(body.sources, {
      actor: access.actorFor(body.actor),
      via: access.via,
      permit: (kind, scope) => access.require(writeActionOf(kind), scope),
      permitOwner: ownerPermit(access, await principalsOf(store, access.actor)),
    });
    const published = applied.filter(({ result }) => result === 'published');
    await changes.announce([...new Set(published.map(({ kind }) => kind))]);
    await backups.announce(published);
    return { definitions: [...applied] };
  },
});

/** Secrets are granted to the owner of what uses them: whoever may not publish everywhere, publishes in their own name or their teams'. */
function ownerPermit(access: Access, principals: readonly string[]): NonNullable<Publisher['permitOwner']> {
  return (kind, owner) => {
    const action = writeActionOf(kind);
    if (principals.includes(owner) || access.mayEverywhere(action)) return;
    throw new RequestError('FORBIDDEN', `Cannot publish a ${kind} of "${owner}": ${access.actor} is no member`, {
      detail: {
        action,
        owner,
        hint: `A member of "${owner}" publishes it, or whoever has a grant of "${action}" everywhere.`,
      },
    });
  };
}

const list = defineRoute({
  ...get('/definitions'),
  summary: 'Published definitions; with text=true each with its text and files',
  action: 'definition.read',
  about: 'filtered',
  query: z.strictObject({ kind: z.string().exactOptional(), text: z.stringbool().default(false), ...pageQuery }),
  answer: z.object({ definitions: z.array(z.union([DefinitionView, DefinitionSummary])), next: Next }),
  async handle({ query, caller: { access } }, { store }) {
    const all = await store.definitions.list(query.kind === undefined ? {} : { kind: query.kind });
    const found = all.filter((row) => access.may(readActionOf(row.kind), row.scope));
    const { page, next } = pageOf(found, query, byVersion);
    if (query.text) return { next, definitions: page.map(viewOf) };
    return { next, definitions: page.map(({ kind, name, version, digest }) => ({ kind, name, version, digest })) };
  },
});

/** Oldest version first: whoever reads all of them takes the last one of a name. */
const byVersion: Order<DefinitionRow> = {
  keyOf: ({ kind, name, version }) => [kind, name, version],
  compare: (one, other) =>
    compareKeys(one.slice(0, 2), other.slice(0, 2)) || compareEachVersion(String(one[2]), String(other[2])),
};

const show = defineRoute({
  ...get('/definitions/:kind/:name'),
  summary: 'A published definition, the newest or the given version; a slash in the name is written %2F',
  action: 'definition.read',
  about: aboutDefinition,
  params: z.object({ kind: z.string(), name: z.string() }),
  query: z.strictObject({ version: z.string().exactOptional() }),
  answer: DefinitionView,
  async handle({ params, query }, { store }) {
    const found = await store.definitions.get(params.kind, params.name, query.version);
    if (found !== null) return viewOf(found);
    const wanted = query.version === undefined ? params.name : `${params.name}@${query.version}`;
    throw new RequestError('DEFINITION_NOT_FOUND', `Cannot find ${params.kind} "${wanted}": not published`);
  },
});

function viewOf({ kind, name, version, digest, text, files }: DefinitionRow): z.infer<typeof DefinitionView> {
  return { kind, name, version, digest, text, files: { ...files } };
}

export const definitionRoutes = [apply, list, show] as const;
