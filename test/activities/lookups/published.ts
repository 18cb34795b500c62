import type { Store } from '../../../platform/store/store';

/** Definitions as published, by `Kind/name`. */
export function publishedStore(documents: { readonly [key: string]: string }): Pick<Store, 'definitions'> {
  return {
    definitions: {
      publish: () => Promise.reject(new Error('Cannot publish: the documents of this test are given')),
      list: () => Promise.resolve([]),
      get(kind, name) {
        const text = documents[`${kind}/${name}`];
        return Promise.resolve(
          text === undefined ? null : { kind, name, version: '1.0.0', digest: '', text, files: {}, scope: {} },
        );
      },
    },
  };
}
