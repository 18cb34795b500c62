import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { catalogue } from '../index';
import type { LoadedInventory, LoadedRunbook } from '../../definitions/document';
import { resolveInventory } from '../../definitions/inventory';
import type { ResolvedInventory } from '../../definitions/inventory';
import type { SecretResolver } from '../../definitions/inventory/source';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { lintDocuments } from '../../definitions/lint';
import { loadFiles } from '../../definitions/load';
import { makeProblem } from '../../definitions/problems';
import type { Problem } from '../../definitions/problems';
import type { ProblemCode } from '../../definitions/problem-codes';
import type { PublishedDocuments } from './published';
import { ownSecrets } from './secrets';

export interface Refused {
  readonly ok: false;
  readonly problems: readonly Problem[];
}

export type Chosen = { readonly ok: true; readonly inventory: LoadedInventory | null } | Refused;

export interface InventoryChoice {
  readonly runbook: LoadedRunbook;
  readonly tiers: Tiers;
  /** `--inventory`: a name, or with `onDisk` a file. */
  readonly inventory?: string;
  /** Whoever asks sits at this disk: inventories may be files of it. What comes from elsewhere never reads one. */
  readonly onDisk?: boolean;
  /** Those that may stand in when nobody names one. */
  readonly inventories: readonly LoadedInventory[];
}

/** `--inventory`, else the runbook's own, else the only one there is. */
export function chooseInventory(choice: InventoryChoice): Chosen {
  const { runbook, inventories, tiers } = choice;
  const reference = choice.inventory ?? runbook.spec.inventory;
  if (reference === undefined)
    return { ok: true, inventory: inventories.length === 1 ? (inventories[0] ?? null) : null };
  if (choice.onDisk !== true) return inventoryByName(reference, tiers, runbook.file);
  const file = choice.inventory === undefined ? join(dirname(runbook.file), reference) : reference;
  return existsSync(file) ? inventoryOfFile(file) : inventoryByName(reference, tiers, runbook.file);
}

/** The inventory by itself: of a file, or a published one. */
export async function readInventory(
  what: string | undefined,
  { documents }: PublishedDocuments,
): Promise<{ readonly ok: true; readonly inventory: ResolvedInventory } | Refused> {
  const chosen =
    what === undefined
      ? onlyOne(documents.filter((document) => document.kind === 'Inventory'))
      : namedOne(what, [documents]);
  if (!chosen.ok) return chosen;
  if (chosen.inventory === null)
    return refuse('inventory', 'UNKNOWN_REFERENCE', 'Cannot list hosts: none is published, or more than one inventory');
  const resolved = await resolveChosen(chosen.inventory, ownSecrets());
  if (!resolved.ok) return resolved;
  return { ok: true, inventory: resolved.inventory ?? { hosts: [], groups: {}, vars: {}, redundancy: {}, items: {} } };
}

export type Resolved = { readonly ok: true; readonly inventory: ResolvedInventory | null } | Refused;

export async function resolveChosen(inventory: LoadedInventory | null, secrets: SecretResolver): Promise<Resolved> {
  if (inventory === null) return { ok: true, inventory: null };
  const problems = lintDocuments([inventory], { catalogue });
  return problems.length > 0 ? { ok: false, problems } : resolveInventory(inventory, secrets);
}

export function refuse(file: string, code: ProblemCode, message: string): Refused {
  return { ok: false, problems: [makeProblem(code, { file, path: [], line: 1, column: 1 }, { message })] };
}

function onlyOne(inventories: readonly LoadedInventory[]): Chosen {
  return { ok: true, inventory: inventories.length === 1 ? (inventories[0] ?? null) : null };
}

function namedOne(what: string, tiers: Tiers): Chosen {
  return existsSync(what) || /\.ya?ml$/.test(what) ? inventoryOfFile(what) : inventoryByName(what, tiers, what);
}

function inventoryOfFile(file: string): Chosen {
  const { documents, problems } = loadFiles([file], { catalogue });
  if (problems.length > 0) return { ok: false, problems };
  const [inventory, second] = documents.filter((document) => document.kind === 'Inventory');
  if (inventory !== undefined && second === undefined) return { ok: true, inventory };
  const state = inventory === undefined ? 'it holds no inventory' : 'it holds more than one inventory';
  return refuse(file, 'UNKNOWN_REFERENCE', `Cannot use "${file}" as inventory: ${state}`);
}

function inventoryByName(reference: string, tiers: Tiers, file: string): Chosen {
  const found = resolveReference('Inventory', reference, tiers);
  return found.ok ? { ok: true, inventory: found.document } : refuse(file, found.code, found.message);
}
