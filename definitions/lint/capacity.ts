import type { LoadedInventory } from '../document';
import type { ProblemCode } from '../problem-codes';
import type { Problem } from '../problems';
import { nearestWord } from '../problems';
import { atValue } from './note';

type Path = readonly (string | number)[];

/** What stands in for each other and what needs what: every name must be there. A source's hosts and groups are not known here. */
export function capacityProblems(document: LoadedInventory): Problem[] {
  const { redundancy = {}, items = {}, hosts = [], groups = {}, source } = document.spec;
  const known = {
    isOpen: source !== undefined,
    hosts: hosts.map(({ name }) => name),
    groups: [...new Set([...Object.keys(groups), ...hosts.flatMap((host) => host.groups ?? [])])],
    items: Object.keys(items),
  };
  const problems: (Problem | null)[] = [];
  for (const [name, { members }] of Object.entries(redundancy)) {
    const path = ['spec', 'redundancy', name, 'members'];
    if (typeof members === 'string') problems.push(missingGroup(document, path, { name: members, known }));
    else
      for (const [at, host] of members.entries())
        problems.push(missingHost(document, [...path, at], { name: host, known }));
  }
  for (const [item, { runsOn = [], dependsOn = [] }] of Object.entries(items)) {
    for (const [at, place] of runsOn.entries())
      problems.push(missingPlace(document, ['spec', 'items', item, 'runsOn', at], { name: place, known }));
    for (const [at, name] of dependsOn.entries())
      problems.push(missingItem(document, ['spec', 'items', item, 'dependsOn', at], { name, known }));
  }
  return problems.filter((problem) => problem !== null);
}

interface Named {
  readonly name: string;
  readonly known: {
    readonly isOpen: boolean;
    readonly hosts: readonly string[];
    readonly groups: readonly string[];
    readonly items: readonly string[];
  };
}

function missingPlace(document: LoadedInventory, path: Path, { name: place, known }: Named): Problem | null {
  const [kind, name = ''] = place.split('/');
  return kind === 'group'
    ? missingGroup(document, path, { name, known })
    : missingHost(document, path, { name, known });
}

function missingGroup(document: LoadedInventory, path: Path, { name, known }: Named): Problem | null {
  if (known.isOpen || known.groups.includes(name)) return null;
  const message = `Cannot use the group "${name}": no host is in it`;
  return missing(document, path, { code: 'UNKNOWN_GROUP', message, name, accepted: known.groups });
}

function missingHost(document: LoadedInventory, path: Path, { name, known }: Named): Problem | null {
  if (known.isOpen || known.hosts.includes(name)) return null;
  const message = `Cannot use the host "${name}": the inventory has none of this name`;
  return missing(document, path, { code: 'UNKNOWN_HOST', message, name, accepted: known.hosts });
}

/** An item may be a host as well: `host/db1`. */
function missingItem(document: LoadedInventory, path: Path, { name, known }: Named): Problem | null {
  const isHost = name.startsWith('host/') && (known.isOpen || known.hosts.includes(name.slice('host/'.length)));
  if (isHost || known.items.includes(name)) return null;
  const message = `Cannot depend on "${name}": the inventory has no such item`;
  return missing(document, path, { code: 'UNKNOWN_ITEM', message, name, accepted: known.items });
}

function missing(
  document: LoadedInventory,
  path: Path,
  {
    code,
    message,
    name,
    accepted,
  }: {
    readonly code: ProblemCode;
    readonly message: string;
    readonly name: string;
    readonly accepted: readonly string[];
  },
): Problem {
  const shown = accepted.slice(0, 50);
  return atValue(document, [...path], {
    code,
    message,
    found: name,
    accepted: shown,
    nearest: nearestWord(name, accepted),
  });
}
