import { catalogue } from '../activities/index';
import { resolveChosen } from '../activities/plans/inventory';
import { makePlan } from '../activities/plans/make-plan';
import type { PlanBundle } from '../activities/plans/plan-bundle';
import type { FilesOfDocuments } from '../activities/plans/published';
import type { PublishedShelf } from '../activities/plans/published-shelf';
import { grantedSecrets } from '../activities/plans/secrets';
import type { DefinitionKind, LoadedDocument, LoadedInventory, LoadedRunbook } from '../definitions/document';
import type { ResolvedInventory } from '../definitions/inventory';
import { compareVersions } from '../definitions/library';
import { loadText } from '../definitions/load';
import type { LoadResult } from '../definitions/load';
import type { TeamMembers } from '../definitions/plan-view';
import type { Problem } from '../definitions/problems';
import type { Scope } from '../workflows/domain/authorization';
import type { Json } from '../workflows/domain/json';
import { scopeOfLabels } from '../workflows/domain/scope';
import { RequestError } from './api/errors';
import { checkDocuments } from './authoring/check';
import type { DefinitionSource } from './registry';

/**
 * What authors write, looked at before anybody publishes it.
 *
 * - D1 Nothing of it is published, and nothing of it runs: an inventory among it that asks a command or a service is not asked.
 * - D2 It refers to what its author may see, and to nothing else: no hint names what is hidden from them.
 * - D3 No text reads a file of this machine: what it needs comes along with it.
 */
export interface Drafts {
  check(sources: readonly DefinitionSource[], sees: Sees): Promise<readonly Problem[]>;
  preview(request: PreviewRequest, sees: Sees): Promise<Preview>;
  /** Published ones, the newest version of each. */
  inventories(sees: Sees): Promise<readonly LoadedInventory[]>;
  /** As its source says now, if it has one. */
  inventory(name: string): Promise<ResolvedInventory>;
}

export type Sees = (kind: DefinitionKind, scope: Scope) => boolean;

export interface PreviewRequest {
  readonly sources: readonly DefinitionSource[];
  /** A runbook of the sources; absent: the only one. */
  readonly runbook?: string;
  readonly inputs: { readonly [name: string]: Json };
  readonly inventory?: string;
  readonly limit?: readonly string[];
}

export type Preview =
  | { readonly ok: true; readonly bundle: PlanBundle; readonly members: TeamMembers; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function createDrafts(shelf: PublishedShelf): Drafts {
  return {
    check: async (sources, sees) => (await readDraft(shelf, sources, sees)).problems,
    preview: (request, sees) => preview(shelf, request, sees),
    inventories: async (sees) => newestOf((await seenDocuments(shelf, sees)).filter(isInventory)),
    inventory: (name) => readInventory(shelf, name),
  };
}

interface Draft extends LoadResult {
  readonly published: readonly LoadedDocument[];
  readonly files: FilesOfDocuments;
}

async function readDraft(shelf: PublishedShelf, sources: readonly DefinitionSource[], sees: Sees): Promise<Draft> {
  const loaded = sources.map((source) => ({ source, ...loadText(source.name, source.text, { catalogue }) }));
  const published = await seenDocuments(shelf, sees);
  const own = loaded.flatMap(({ source, documents }) =>
    documents.map(({ digest }) => [digest, filesOf(source)] as const),
  );
  const files = new Map(own);
  const given = {
    documents: loaded.flatMap(({ documents }) => documents),
    problems: loaded.flatMap(({ problems }) => problems),
  };
  const { documents, problems } = checkDocuments(given, { tiers: [published, shelf.shipped], files });
  return { documents, problems, published, files: new Map([...(await shelf.documents()).files, ...own]) };
}

/** Files that came along with a text, by name. */
export function filesOf(source: DefinitionSource): ReadonlyMap<string, Uint8Array> {
  const entries = Object.entries(source.files);
  return new Map(entries.map(([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))] as const));
}

async function seenDocuments(shelf: PublishedShelf, sees: Sees): Promise<readonly LoadedDocument[]> {
  const { documents } = await shelf.documents();
  return documents.filter(({ kind, metadata }) => sees(kind, scopeOfLabels(metadata.labels)));
}

async function preview(shelf: PublishedShelf, request: PreviewRequest, sees: Sees): Promise<Preview> {
  const { sources, inputs, inventory, limit } = request;
  const draft = await readDraft(shelf, sources, sees);
  if (draft.problems.length > 0) return { ok: false, problems: draft.problems };
  const { documents, published, files } = draft;
  const given = documents.filter((document) => !isInventory(document) || document.spec.source === undefined);
  const inventories = given.filter(isInventory);
  const planned = await makePlan({
    runbook: chosenRunbook(documents, request.runbook),
    tiers: [given, published, shelf.shipped],
    files,
    inventories: inventories.length > 0 ? inventories : published.filter(isInventory),
    inputs,
    secrets: grantedSecrets(published),
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
  });
  if (!planned.ok) return planned;
  const { bundle, members, notes } = planned;
  return { ok: true, bundle, members, notes };
}

function chosenRunbook(documents: readonly LoadedDocument[], name: string | undefined): LoadedRunbook {
  const runbooks = documents.filter((document) => document.kind === 'Runbook');
  const [found, second] = runbooks.filter(({ metadata }) => name === undefined || metadata.name === name);
  if (found !== undefined && second === undefined) return found;
  const state = found === undefined ? 'there is no such runbook among the sources' : 'there is more than one runbook';
  throw new RequestError('DOCUMENT_INVALID', `Cannot preview "${name ?? 'the runbook'}": ${state}`);
}

function isInventory(document: LoadedDocument): document is LoadedInventory {
  return document.kind === 'Inventory';
}

function newestOf(documents: readonly LoadedInventory[]): readonly LoadedInventory[] {
  const newest = new Map<string, LoadedInventory>();
  for (const document of documents) {
    const { name, version } = document.metadata;
    const known = newest.get(name);
    if (known === undefined || compareVersions(version, known.metadata.version) > 0) newest.set(name, document);
  }
  return [...newest.values()];
}

async function readInventory(shelf: PublishedShelf, name: string): Promise<ResolvedInventory> {
  const { documents } = await shelf.documents();
  const found = newestOf(documents.filter(isInventory)).find(({ metadata }) => metadata.name === name);
  if (found === undefined)
    throw new RequestError('DEFINITION_NOT_FOUND', `Cannot find Inventory "${name}": not published`);
  const resolved = await resolveChosen(found, grantedSecrets(documents));
  if (resolved.ok && resolved.inventory !== null) return resolved.inventory;
  const [problem] = resolved.ok ? [] : resolved.problems;
  throw new RequestError('DOCUMENT_INVALID', problem?.message ?? `Cannot read Inventory "${name}": it is unreadable`);
}
