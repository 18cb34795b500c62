import { resolveReference } from '../definitions/library';
import type { LoadedChangeModel } from '../definitions/document';
import type { PublishedShelf } from '../activities/plans/published-shelf';

export interface KnownChangeModel {
  readonly document: LoadedChangeModel;
  /** It comes with Mainstay: nobody has published one of its name. */
  readonly isShipped: boolean;
}

/** The model that each name stands for now, as a change that names it without a version would find it. */
export async function knownChangeModels(shelf: PublishedShelf): Promise<readonly KnownChangeModel[]> {
  const { documents } = await shelf.documents();
  const tiers = [documents, shelf.shipped];
  const models = tiers.flat().filter(({ kind }) => kind === 'ChangeModel');
  const names = [...new Set(models.map(({ metadata }) => metadata.name))].sort();
  return names.flatMap((name) => {
    const found = resolveReference('ChangeModel', name, tiers);
    return found.ok ? [{ document: found.document, isShipped: !documents.includes(found.document) }] : [];
  });
}
