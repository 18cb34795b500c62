import { groupedBy } from '../../workflows/domain/grouping';
import type { FailureDomain } from '../../workflows/domain/waves';
import { planText } from './fields';
import { report } from './site';
import type { Site } from './site';

/** How a rollout that names a label keeps the failure domains of its targets apart. */
export interface CompiledDomains {
  /** One domain after the other, each in the order of the targets. */
  readonly order: (names: readonly string[]) => readonly string[];
  readonly domainsOf: (ordered: readonly string[]) => { readonly domains?: readonly FailureDomain[] };
}

/** R-ROLL-1: a host that does not say in which domain it is cannot be kept apart from the others. */
export function compileDomains(site: Site, raw: string | undefined): CompiledDomains {
  const label = raw === undefined ? undefined : planText(site, raw)?.text;
  if (label === undefined) return { order: (names) => names, domainsOf: () => ({}) };
  const inventory = site.unit.session.inventory;
  const domainOf = (name: string): string => inventory?.hosts.get(name)?.labels[label] ?? '';
  return {
    order(names) {
      const without = names.find((name) => domainOf(name) === '');
      if (without !== undefined && inventory !== null) refuse(site, label, without);
      return [...groupedBy(names, domainOf).values()].flat();
    },
    domainsOf(ordered) {
      const domains: FailureDomain[] = [];
      for (const [name, hosts] of groupedBy(ordered, domainOf))
        domains.push({ name, end: (domains.at(-1)?.end ?? 0) + hosts.length });
      return { domains };
    },
  };
}

function refuse(site: Site, label: string, host: string): void {
  report(site, {
    code: 'DOMAIN_MISSING',
    message: `Cannot keep failure domains apart: host "${host}" does not have the label "${label}"`,
    found: label,
    accepted: [...(site.unit.session.inventory?.labels ?? [])],
  });
}
