import { compile } from '../../definitions/compile';
import type { LoadedInventory, LoadedRunbook } from '../../definitions/document';
import type { ResolvedInventory } from '../../definitions/inventory';
import type { SecretResolver } from '../../definitions/inventory/source';
import type { Tiers } from '../../definitions/library';
import type { TeamMembers } from '../../definitions/plan-view';
import type { JsonObject } from '../../workflows/domain/json';
import { catalogue } from '../index';
import { chooseInventory, resolveChosen } from './inventory';
import type { Refused } from './inventory';
import type { PlanBundle } from './plan-bundle';
import { readFileBeside } from './published';
import type { FilesOfDocuments } from './published';

/** How a plan is made from a runbook, wherever its documents come from. */
export interface PlanningRequest {
  readonly runbook: LoadedRunbook;
  readonly tiers: Tiers;
  /** Of documents that are not on this disk. */
  readonly files: FilesOfDocuments;
  /** Absent: what the runbook names, else the only one of `inventories`. */
  readonly inventory?: string;
  /** As in `InventoryChoice`. */
  readonly onDisk?: boolean;
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
  /** As it was asked for this plan; null: the runbook needs none. */
  readonly inventory: ResolvedInventory | null;
}

export type Planned = Made | Refused;

export async function makePlan(request: PlanningRequest): Promise<Planned> {
  const { runbook, tiers, inputs, limit } = request;
  const chosen = chooseInventory(request);
  if (!chosen.ok) return chosen;
  const resolved = await resolveChosen(chosen.inventory, request.secrets);
  if (!resolved.ok) return resolved;
  const { inventory } = resolved;
  const compiled = compile({
    runbook,
    documents: tiers,
    inventory,
    inputs,
    catalogue,
    files: (document, name) => readFileBeside(request.files, document, name),
    ...(limit === undefined ? {} : { limit }),
  });
  if (!compiled.ok) return compiled;
  const { plan, blobs, notes } = compiled;
  return { ok: true, bundle: { plan, blobs: Object.fromEntries(blobs) }, notes, members: membersOf(tiers), inventory };
}

/** As references resolve: what stands nearer counts. */
export function membersOf(tiers: Tiers): TeamMembers {
  const teams = tiers.flat().filter((document) => document.kind === 'Team');
  return new Map(teams.toReversed().map(({ metadata, spec }) => [`team/${metadata.name}`, spec.members]));
}
