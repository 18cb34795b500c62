import { existsSync } from 'node:fs';

import { catalogue } from '../../activities/index';
import { compile } from '../../definitions/compile';
import type { LoadedDocument, LoadedInventory, LoadedRunbook } from '../../definitions/document';
import type { Tiers } from '../../definitions/library';
import { lintDocuments } from '../../definitions/lint';
import type { TeamMembers } from '../../definitions/plan-view';
import type { SecretResolver } from '../../definitions/inventory/source';
import type { JsonObject } from '../../workflows/domain/json';
import type { PlanBundle } from '../plan-bundle';
import { chooseInventory, refuse, resolveChosen } from './inventory';
import type { Refused } from './inventory';
import { readFileBeside } from './published';
import type { FilesOfDocuments, PublishedDocuments } from './published';
import { ownSecrets } from './secrets';
import { readGiven, tiersAround } from './tiers';

/** How a plan is made from a runbook, wherever its documents come from. */
export interface PlanningRequest {
  readonly runbook: LoadedRunbook;
  readonly tiers: Tiers;
  /** Of documents that are not on this disk. */
  readonly files: FilesOfDocuments;
  /** Absent: what the runbook names, else the only one of `inventories`. */
  readonly inventory?: string;
  readonly inventories: readonly LoadedInventory[];
  readonly inputs: JsonObject;
  readonly limit?: readonly string[];
  /** For an inventory that is asked of a service. */
  readonly secrets: SecretResolver;
}

export interface Made {
  readonly ok: true;
  readonly bundle: PlanBundle;
  readonly notes: readonly string[];
  /** Not part of the plan: who may vote is asked when the vote comes. */
  readonly members: TeamMembers;
}

export type Planned = Made | Refused;

export async function makePlan(request: PlanningRequest): Promise<Planned> {
  const { runbook, tiers, inputs, limit } = request;
  const chosen = chooseInventory(request);
  if (!chosen.ok) return chosen;
  const resolved = await resolveChosen(chosen.inventory, request.secrets);
  if (!resolved.ok) return resolved;
  const compiled = compile({
    runbook,
    documents: tiers,
    inventory: resolved.inventory,
    inputs,
    catalogue,
    files: (document, name) => readFileBeside(request.files, document, name),
    ...(limit === undefined ? {} : { limit }),
  });
  if (!compiled.ok) return compiled;
  const { plan, blobs, notes } = compiled;
  return { ok: true, bundle: { plan, blobs: Object.fromEntries(blobs) }, notes, members: membersOf(tiers) };
}

/** As references resolve: what stands nearer counts. */
export function membersOf(tiers: Tiers): TeamMembers {
  const teams = tiers.flat().filter((document) => document.kind === 'Team');
  return new Map(teams.toReversed().map(({ metadata, spec }) => [`team/${metadata.name}`, spec.members]));
}

export interface LocalRequest {
  readonly file: string;
  readonly inputs: JsonObject;
  /** A file, or a name. */
  readonly inventory?: string;
  readonly limit?: readonly string[];
  readonly library?: string;
  readonly with?: readonly string[];
  readonly published: PublishedDocuments;
}

/** The plan of a runbook in a file, with the documents beside it. */
export async function planLocally(request: LocalRequest): Promise<Planned> {
  const { file, inventory, published } = request;
  const named = [
    file,
    ...(request.with ?? []),
    ...(inventory !== undefined && existsSync(inventory) ? [inventory] : []),
  ];
  const given = readGiven(named);
  const problems = [...given.problems, ...lintDocuments(given.documents, { catalogue })];
  if (problems.length > 0) return { ok: false, problems };
  const root = onlyRunbook(file, given.documents);
  if (!root.ok) return root;
  const { limit, inputs } = request;
  const inventories = given.documents.filter((document) => document.kind === 'Inventory');
  return makePlan({
    runbook: root.runbook,
    tiers: tiersAround(given, { beside: [file], library: request.library, published: published.documents }),
    files: published.files,
    inventories:
      inventories.length > 0 ? inventories : published.documents.filter((document) => document.kind === 'Inventory'),
    inputs,
    secrets: ownSecrets(),
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
  });
}

type Root = { readonly ok: true; readonly runbook: LoadedRunbook } | Refused;

function onlyRunbook(file: string, documents: readonly LoadedDocument[]): Root {
  const [runbook, second] = documents.filter((document) => document.kind === 'Runbook' && document.file === file);
  if (runbook?.kind === 'Runbook' && second === undefined) return { ok: true, runbook };
  const state = runbook === undefined ? 'it holds no runbook' : 'it holds more than one runbook';
  return refuse(file, 'UNKNOWN_REFERENCE', `Cannot plan "${file}": ${state}`);
}
