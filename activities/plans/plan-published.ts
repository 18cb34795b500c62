import type { LoadedDocument } from '../../definitions/document';
import { resolveReference } from '../../definitions/library';
import type { JsonObject } from '../../workflows/domain/json';
import { makePlan } from './make-plan';
import type { Planned } from './make-plan';
import type { PublishedShelf } from './published-shelf';
import { grantedSecrets } from './secrets';

/** A runbook by the name that it was published under, with what a plan of it depends on. */
export interface PublishedRequest {
  readonly definition: string;
  readonly inputs: JsonObject;
  readonly inventory?: string;
  readonly limit?: readonly string[];
  /** A team whose runbooks all of them are for this plan: its grants count, and it is asked. Absent: each is its own owner's. */
  readonly onBehalfOf?: string;
}

export type PublishedPlan = Planned | { readonly ok: false; readonly notFound: string };

/** The plan as the published definitions give it now. */
export async function planPublished(shelf: PublishedShelf, request: PublishedRequest): Promise<PublishedPlan> {
  const { documents, files } = await shelf.documents();
  const tiers = [documents, shelf.shipped].map((tier) => ownedBy(request.onBehalfOf, tier));
  const found = resolveReference('Runbook', request.definition, tiers);
  if (!found.ok) return { ok: false, notFound: found.message };
  const { inventory, inputs, limit } = request;
  return makePlan({
    runbook: found.document,
    tiers,
    files,
    inventories: documents.filter((document) => document.kind === 'Inventory'),
    inputs,
    secrets: grantedSecrets(documents),
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
  });
}

function ownedBy(owner: string | undefined, documents: readonly LoadedDocument[]): readonly LoadedDocument[] {
  if (owner === undefined) return documents;
  return documents.map((document) =>
    document.kind === 'Runbook' ? { ...document, metadata: { ...document.metadata, owner } } : document,
  );
}
