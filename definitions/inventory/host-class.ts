import type { ResolvedInventory } from '../inventory';

/** Hosts of one class take as long for the same step; `''`: all that nothing is said of. */
export function hostClasses({ hosts, hostClass }: ResolvedInventory): (host: string) => string {
  if (hostClass === undefined) return () => '';
  const classes = new Map(hosts.map(({ name, labels }) => [name, labels[hostClass] ?? '']));
  return (host) => classes.get(host) ?? '';
}
