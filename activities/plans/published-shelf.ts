import type { LoadedDocument } from '../../definitions/document';
import type { Store } from '../../platform/store/store';
import { StoreError } from '../../platform/store/store-error';
import { shippedDocuments } from './shipped';
import { readPublished } from './published';
import type { PublishedDocuments } from './published';

/**
 * Everything that runs can be started from by name, read and checked once: reading the texts anew was the larger part of starting
 * a run. Each publication is an entry of the journal's stream `system`, so an unchanged head says that nothing was published since.
 */
export class PublishedShelf {
  #read: { readonly head: string; readonly documents: Promise<PublishedDocuments> } | null = null;

  constructor(private readonly store: Store) {}

  /** Not before somebody asks for them. */
  get shipped(): readonly LoadedDocument[] {
    return shippedDocuments();
  }

  async documents(): Promise<PublishedDocuments> {
    // The head first: what is published between the two reads is read again the next time.
    const { hash } = await this.store.journal.head('system');
    if (this.#read?.head !== hash) {
      const documents = this.#readAll();
      this.#read = { head: hash, documents };
      documents.catch(() => {
        this.#read = null;
      });
    }
    return this.#read.documents;
  }

  /** Every published version: references may name older ones. */
  async #readAll(): Promise<PublishedDocuments> {
    return readPublished(await this.store.definitions.list(), async (digest) => {
      const bytes = await this.store.blobs.get(digest);
      if (bytes === null)
        throw new StoreError('DEFINITION_TEXT_MISSING', `Cannot find blob "${digest}": not in the store`);
      return bytes;
    });
  }
}
