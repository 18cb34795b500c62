import type { Scope, Selector } from './authorization';

/**
 * What grants go by: the labels of a thing and of what it was made from.
 *
 * - S1 Values add up: a run on the inventories of two environments is of both, and needs whoever may for both.
 * - S2 What somebody says of their own run fills in only what nothing else says: nobody labels a run out of its environment.
 * - S3 Of that only counts what somebody selects by. A label that no selector names changes no decision, and one with another value for each
 *   run would make a scope for each run: lists, which ask for the scopes that somebody may see, would grow with the runs there ever were. A
 *   grant that names the label later holds for runs from then on; those of before lack it, and what lacks the label is outside of the
 *   selector (P3): leaving a label out never lets anybody in.
 */
export function scopeOfLabels(labels: { readonly [label: string]: string } | undefined): Scope {
  const named = Object.entries(labels ?? {}).filter(([label]) => !label.startsWith(ofTheEngine));
  return Object.fromEntries(named.map(([label, value]) => [label, [value]] as const));
}

/** What the engine notes about a run is nobody's label. */
const ofTheEngine = 'mainstay/';

/** S1. */
export function uniteScopes(...scopes: readonly Scope[]): Scope {
  const values = new Map<string, Set<string>>();
  for (const [label, some] of scopes.flatMap((scope) => Object.entries(scope)))
    values.set(label, new Set([...(values.get(label) ?? []), ...some]));
  return Object.fromEntries([...values].map(([label, all]) => [label, [...all].sort()] as const));
}

/** S2, S3. */
export function withOwnLabels(
  scope: Scope,
  labels: { readonly [label: string]: string } | undefined,
  selected: ReadonlySet<string>,
): Scope {
  const said = Object.entries(scopeOfLabels(labels)).filter(
    ([label]) => !Object.hasOwn(scope, label) && selected.has(label),
  );
  return uniteScopes(scope, Object.fromEntries(said));
}

export function selectedLabels(selectors: readonly (Selector | null)[]): ReadonlySet<string> {
  return new Set(selectors.flatMap((selector) => Object.keys(selector ?? {})));
}

/** `service/shop` names a service; what else is worked on has no label of its own. */
export function scopeOfItems(items: readonly string[]): Scope {
  const services = items
    .filter((item) => item.startsWith(servicePrefix))
    .map((item) => item.slice(servicePrefix.length));
  return services.length === 0 ? {} : { service: [...new Set(services)].sort() };
}

const servicePrefix = 'service/';
