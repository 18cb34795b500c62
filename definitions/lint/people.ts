import { timePattern } from '../../workflows/runbook/fields/schema';
import { parseLocalTime } from '../calendar/wall-time';
import { ianaZone } from '../calendar/zone';
import type { LoadedPerson, LoadedRoster } from '../document';
import type { DocumentPath, Problem } from '../problems';
import { atValue } from './note';
import { zoneProblems } from './zone';

export function lintPerson(document: LoadedPerson): Problem[] {
  const { delegations = [], zone } = document.spec;
  const self = `user/${document.metadata.name}`;
  const own = delegations.flatMap(({ to }, index) => {
    if (to !== self) return [];
    const message = `Cannot delegate to "${to}": the person is the same`;
    return [atValue(document, ['spec', 'delegations', index, 'to'], { code: 'DELEGATE_SELF', message, found: to })];
  });
  return [
    ...zoneProblems(document, zone, ['spec', 'zone']),
    ...own,
    ...periodProblems(document, { periods: delegations, zone: zone ?? 'UTC', path: ['spec', 'delegations'] }),
  ];
}

export function lintRoster(document: LoadedRoster): Problem[] {
  const { overrides = [], zone } = document.spec;
  return [
    ...zoneProblems(document, zone, ['spec', 'zone']),
    ...periodProblems(document, { periods: overrides, zone, path: ['spec', 'overrides'] }),
  ];
}

interface Periods {
  readonly periods: readonly { readonly start: string; readonly end: string }[];
  readonly zone: string;
  readonly path: DocumentPath;
}

function periodProblems(document: LoadedPerson | LoadedRoster, { periods, zone, path }: Periods): Problem[] {
  return periods.flatMap(({ start, end }, index) => {
    if (instantOf(start, zone) < instantOf(end, zone)) return [];
    const message = 'Cannot use the period: it ends before it starts';
    return [atValue(document, [...path, index, 'end'], { code: 'EMPTY_PERIOD', message, found: end })];
  });
}

/** In an unknown zone, which is a problem of its own, local times are compared as they stand. */
function instantOf(text: string, zone: string): number {
  if (timePattern.test(text)) return Date.parse(text);
  const wall = parseLocalTime(text) ?? 0;
  return ianaZone(zone)?.instantOf(wall) ?? wall;
}
