import { parse } from 'yaml';
import { z } from 'zod';

import { selectedLabels } from '../../workflows/domain/scope';
import type { Store } from './store';

/** What is needed of a published grant or subscription. It was checked when it was published. */
const Selecting = z.object({
  spec: z.object({ where: z.record(z.string(), z.array(z.string())).nullable().default(null) }),
});
type Selector = z.infer<typeof Selecting>['spec']['where'];

const selectingKinds = ['Grant', 'Subscription'] as const;

/**
 * Labels that somebody selects by: published grants and subscriptions, in whatever version, tokens, and who is signed in. By all others
 * nothing is told apart (S3).
 */
export class SelectedLabels {
  /** By the digest of the text, which never changes. */
  readonly #read = new Map<string, Selector>();

  constructor(private readonly store: Pick<Store, 'definitions' | 'access'>) {}

  async now(atMs: number): Promise<ReadonlySet<string>> {
    const { definitions, access } = this.store;
    const published = await Promise.all(selectingKinds.map((kind) => definitions.list({ kind })));
    const [tokens, sessions] = await Promise.all([access.tokens(), access.sessions({ at: atMs })]);
    const granted = [...tokens.map(({ limits }) => limits), ...sessions.map(({ given }) => given)];
    return selectedLabels([
      ...published.flat().map(({ digest, text }) => this.#selectorOf(digest, text)),
      ...granted.flatMap((grants) => (grants ?? []).map(({ where }) => where)),
    ]);
  }

  #selectorOf(digest: string, text: string): Selector {
    const known = this.#read.get(digest);
    if (known !== undefined) return known;
    const { where } = Selecting.parse(parse(text)).spec;
    this.#read.set(digest, where);
    return where;
  }
}
