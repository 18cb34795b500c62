import type { LoadedSubscription } from '../../definitions/document';
import { loadText } from '../../definitions/load';
import type { Store } from '../../platform/store/store';
import { fits } from '../../workflows/domain/authorization';
import { createAccess } from '../access';
import type { GrantBook } from '../access-grants';
import type { LiveEvent } from '../api/live-schema';
import { tellTo } from '../live-events';
import type { ScopedEvent } from '../live-events';

/** A subscription, and what of everything that happens its receiver is told. */
export interface Subscriber {
  readonly name: string;
  readonly tell: (scoped: ScopedEvent) => LiveEvent | null;
}

/** The newest version of each. */
export async function publishedSubscriptions({
  definitions,
}: Pick<Store, 'definitions'>): Promise<readonly LoadedSubscription[]> {
  const published = await definitions.list({ kind: 'Subscription' });
  const newest = new Map(published.map(({ name, text }) => [name, text]));
  return [...newest]
    .flatMap(([name, text]) => loadText(name, text).documents)
    .filter((document) => document.kind === 'Subscription');
}

/** Those that are active, with what they may read as grants say now: nobody is told what nobody let them know. */
export async function subscribers(
  store: Pick<Store, 'definitions'>,
  grants: Pick<GrantBook, 'grantsOf'>,
): Promise<readonly Subscriber[]> {
  const active = (await publishedSubscriptions(store)).filter(({ spec }) => spec.active !== false);
  return Promise.all(active.map((document) => subscriber(document, grants)));
}

async function subscriber(
  { metadata: { name }, spec }: LoadedSubscription,
  grants: Pick<GrantBook, 'grantsOf'>,
): Promise<Subscriber> {
  // No actor has a slash in its name, and no subscription a dot.
  const actor = `service/subscription-${name.replaceAll('/', '.')}`;
  const granted = await grants.grantsOf({ actor, given: null, groups: [] });
  const access = createAccess({ actor, via: 'subscription', grants: granted, proof: { kind: 'none' } });
  const tell = tellTo(access, { kinds: spec.events.join(',') });
  return { name, tell: (scoped) => (fits(spec.where ?? null, scoped.scope) ? tell(scoped) : null) };
}
