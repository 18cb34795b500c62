import type { LoadedBackupPlan } from '../../definitions/document';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { SelectedLabels } from '../../platform/store/selected-labels';
import type { Store } from '../../platform/store/store';
import type { ChangeDraft } from '../../workflows/change/schema';
import type { Scope } from '../../workflows/domain/authorization';
import type { DefinitionReference } from '../../workflows/runbook/plan';
import { scopeOfItems, scopeOfLabels, uniteScopes, withOwnLabels } from '../../workflows/domain/scope';
import { chooseInventory } from './inventory';
import { PublishedShelf } from './published-shelf';

type Shelf = Pick<PublishedShelf, 'documents' | 'shipped'>;

/** What grants go by of a plan that would be made now: the runbook and the inventory it works on. Null: no such runbook. */
export async function publishedScope(
  shelf: Shelf,
  { definition, inventory }: { readonly definition: string; readonly inventory?: string },
): Promise<Scope | null> {
  const { documents } = await shelf.documents();
  const tiers = [documents, shelf.shipped];
  const found = resolveReference('Runbook', definition, tiers);
  if (!found.ok) return null;
  const chosen = chooseInventory({
    runbook: found.document,
    tiers,
    inventories: documents.filter((document) => document.kind === 'Inventory'),
    ...(inventory === undefined ? {} : { inventory }),
  });
  const worksOn = chosen.ok ? chosen.inventory : null;
  return uniteScopes(scopeOfLabels(found.document.metadata.labels), scopeOfLabels(worksOn?.metadata.labels));
}

/** Of a runbook, as far as this very text is published. */
export async function publishedAs(
  { definitions }: Pick<Store, 'definitions'>,
  { name, version, digest }: Pick<DefinitionReference, 'name' | 'version' | 'digest'>,
): Promise<Scope> {
  const published = await definitions.get('Runbook', name, version);
  return published?.digest === digest ? published.scope : {};
}

export function draftScoper(store: Store): (draft: ChangeDraft) => Promise<Scope> {
  const sources = { shelf: new PublishedShelf(store), labels: new SelectedLabels(store) };
  return (draft) => draftScope(sources, draft);
}

/** Of a change: its plan, its model and the services that it names. */
export async function draftScope(
  { shelf, labels }: { readonly shelf: Shelf; readonly labels: SelectedLabels },
  draft: ChangeDraft,
): Promise<Scope> {
  const { documents } = await shelf.documents();
  const model = resolveReference('ChangeModel', draft.model, [documents, shelf.shipped]);
  const { runbook: definition, inventory } = draft;
  const plan = await publishedScope(shelf, { definition, ...(inventory === undefined ? {} : { inventory }) });
  const made = uniteScopes(
    plan ?? {},
    scopeOfLabels(model.ok ? model.document.metadata.labels : {}),
    scopeOfItems(draft.items ?? []),
  );
  if (Object.keys(draft.labels ?? {}).length === 0) return made;
  return withOwnLabels(made, draft.labels, await labels.now(Date.now()));
}

/** Of a backup plan: its service, and the inventory that its host is in. */
export function backupScope({ metadata, spec }: LoadedBackupPlan, tiers: Tiers): Scope {
  const inventory = spec.inventory === undefined ? null : resolveReference('Inventory', spec.inventory, tiers);
  return uniteScopes(
    scopeOfLabels(metadata.labels),
    { service: [spec.service] },
    scopeOfLabels(inventory?.ok === true ? inventory.document.metadata.labels : {}),
  );
}
