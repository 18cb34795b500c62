import { z } from 'zod';

import { encodeBundle } from '../../../activities/plans/plan-bundle';
import { diffDefinitions } from '../../../definitions/definition-diff';
import { definitionKinds } from '../../../definitions/document';
import { combinedSchema, kindSchema } from '../../../definitions/json-schema';
import { describePlan } from '../../../definitions/plan-view';
import type { DefinitionRow, Store } from '../../../platform/store/store';
import type { JsonObject } from '../../../workflows/domain/json';
import { readActionOf } from '../../definition-actions';
import type { Sees } from '../../drafts';
import { DefinitionDiff, Linted, PreviewedPlan, Sources, VersionList } from '../authoring-schema';
import { RequestError } from '../errors';
import { defineRoute, get, post } from '../route';
import type { Caller } from '../route';
import { aboutDefinition } from '../subjects';

const ByName = z.object({ kind: z.string().min(1).max(100), name: z.string().min(1).max(300) });
const Version = z.string().min(1).max(100);

const versions = defineRoute({
  ...get('/definitions/:kind/:name/versions'),
  summary: 'Every published version of a definition, newest first, with who published it',
  action: 'definition.read',
  about: aboutDefinition,
  params: ByName,
  answer: VersionList,
  async handle({ params: { kind, name } }, { store }) {
    const found = await versionsOf(store, kind, name);
    const keys = found.map(({ version }) => publicationKey(kind, name, version));
    const entries = await store.journal.find('system', keys);
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    return {
      versions: found.toReversed().map(({ version, digest }) => {
        const entry = byKey.get(publicationKey(kind, name, version));
        return { version, digest, publishedAt: entry?.at ?? null, publishedBy: entry?.actor ?? null };
      }),
    };
  },
});

/** As the store names the entry. */
function publicationKey(kind: string, name: string, version: string): string {
  return `definition/${kind}/${name}@${version}`;
}

const diff = defineRoute({
  ...get('/definitions/:kind/:name/diff'),
  summary: 'What differs between two versions of a definition; without `to`, with the newest',
  action: 'definition.read',
  about: aboutDefinition,
  params: ByName,
  query: z.strictObject({ from: Version, to: Version.exactOptional() }),
  answer: DefinitionDiff,
  async handle({ params: { kind, name }, query }, { store }) {
    const before = await requireVersion(store, { kind, name, version: query.from });
    const after = await requireVersion(store, { kind, name, version: query.to });
    return { from: sideOf(before), to: sideOf(after), changes: [...diffDefinitions(before.text, after.text)] };
  },
});

function sideOf({ version, text }: DefinitionRow): { version: string; text: string } {
  return { version, text };
}

const lint = defineRoute({
  ...post('/definitions/lint'),
  summary: 'What is wrong with definitions, as if they were to be published; nothing is kept',
  action: 'definition.read',
  about: 'filtered',
  body: z.strictObject({ sources: Sources }),
  answer: Linted,
  async handle({ body, caller }, { registry }) {
    return { problems: [...(await registry.drafts.check(body.sources, seenBy(caller)))] };
  },
});

const preview = defineRoute({
  ...post('/definitions/preview'),
  summary:
    'The plan that a runbook would give as it is written now, or what is wrong with it; nothing is kept, nothing runs',
  action: 'definition.read',
  about: 'filtered',
  body: z.strictObject({
    sources: Sources,
    /** One of the sources; absent: the only one. */
    runbook: z.string().min(1).max(300).exactOptional(),
    inputs: z.record(z.string(), z.json()).default({}),
    /** Name of a published inventory, or of one of the sources. */
    inventory: z.string().min(1).max(300).exactOptional(),
    limit: z.array(z.string()).max(10_000).exactOptional(),
  }),
  answer: PreviewedPlan,
  async handle({ body, caller }, { registry }) {
    const found = await registry.drafts.preview(body, seenBy(caller));
    if (!found.ok) return { problems: [...found.problems], plan: null, bundle: null, notes: [] };
    const { bundle, members, notes } = found;
    return { problems: [], plan: describePlan(bundle, members), bundle: encodeBundle(bundle), notes: [...notes] };
  },
});

const JsonSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const schema = defineRoute({
  ...get('/schemas/:kind'),
  summary: 'JSON Schema of definitions of one kind, for editors; `all` for every kind',
  action: 'definition.read',
  about: 'anything',
  params: z.object({ kind: z.string().max(100) }),
  answer: JsonSchema,
  async handle({ params }) {
    if (params.kind === 'all') return combinedSchema();
    const kind = definitionKinds.find((known) => known === params.kind);
    if (kind !== undefined) return kindSchema(kind);
    const text = `Cannot find the schema of "${params.kind}": kinds are ${definitionKinds.join(', ')}`;
    throw new RequestError('DEFINITION_NOT_FOUND', text);
  },
});

function seenBy({ access }: Caller): Sees {
  return (kind, scope) => access.may(kind === 'Inventory' ? 'inventory.read' : readActionOf(kind), scope);
}

/** Oldest first. */
async function versionsOf({ definitions }: Store, kind: string, name: string): Promise<readonly DefinitionRow[]> {
  const found = (await definitions.list({ kind })).filter((row) => row.name === name);
  if (found.length === 0) throw unpublished(kind, name);
  return found;
}

async function requireVersion(
  { definitions }: Store,
  { kind, name, version }: { readonly kind: string; readonly name: string; readonly version: string | undefined },
): Promise<DefinitionRow> {
  const found = await definitions.get(kind, name, version);
  if (found === null) throw unpublished(kind, version === undefined ? name : `${name}@${version}`);
  return found;
}

function unpublished(kind: string, what: string): RequestError {
  return new RequestError('DEFINITION_NOT_FOUND', `Cannot find ${kind} "${what}": not published`);
}

export const authoringRoutes = [versions, diff, lint, preview, schema] as const;
