import type { LoadedInventory } from '../document';
import type { Problem } from '../problems';
import { nearestWord } from '../problems';
import { groupCycle } from '../inventory/groups';
import { refusedVariables } from '../inventory/ansible';
import { capacityProblems } from './capacity';
import { atKey, atValue } from './note';

export function lintInventory(document: LoadedInventory): Problem[] {
  return [
    ...sourceProblems(document),
    ...hostProblems(document),
    ...groupProblems(document),
    ...variableProblems(document),
    ...capacityProblems(document),
  ];
}

function sourceProblems(document: LoadedInventory): Problem[] {
  const { hosts, source, labelsFrom } = document.spec;
  if ((hosts === undefined) === (source === undefined)) {
    const state = hosts === undefined ? 'it has neither hosts nor a source' : 'it has both hosts and a source';
    return [
      atKey(document, hosts === undefined ? ['spec'] : ['spec', 'source'], {
        code: 'INVENTORY_SOURCE',
        message: `Cannot use the inventory: ${state}`,
        accepted: ['hosts', 'source'],
      }),
    ];
  }
  if (labelsFrom === undefined || source !== undefined) return [];
  const message = 'Cannot take labels from variables: the inventory has no source';
  return [
    atKey(document, ['spec', 'labelsFrom'], {
      code: 'INVENTORY_SOURCE',
      message,
      hint: 'Write `labels` at each host.',
    }),
  ];
}

function hostProblems(document: LoadedInventory): Problem[] {
  const { hosts = [], groups = {} } = document.spec;
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const known = knownGroups(groups);
  for (const [index, host] of hosts.entries()) {
    const path = ['spec', 'hosts', index];
    if (seen.has(host.name))
      problems.push(
        atValue(document, [...path, 'name'], {
          code: 'DUPLICATE_HOST',
          message: `Cannot use the host name "${host.name}": another host has it`,
          found: host.name,
        }),
      );
    seen.add(host.name);
    for (const [place, group] of (host.groups ?? []).entries()) {
      if (Object.keys(groups).length > 0 && !known.has(group))
        problems.push(unknownGroup(document, [...path, 'groups', place], { group, known: [...known] }));
    }
  }
  return problems;
}

function knownGroups(groups: { readonly [name: string]: { readonly children?: readonly string[] } }): Set<string> {
  return new Set(Object.keys(groups));
}

function groupProblems(document: LoadedInventory): Problem[] {
  const { groups = {} } = document.spec;
  const known = Object.keys(groups);
  const problems: Problem[] = [];
  for (const [name, group] of Object.entries(groups)) {
    for (const [index, child] of (group.children ?? []).entries()) {
      if (!Object.hasOwn(groups, child))
        problems.push(unknownGroup(document, ['spec', 'groups', name, 'children', index], { group: child, known }));
    }
  }
  const cycle = groupCycle(groups);
  if (cycle !== null) {
    const message = `Cannot use the groups: ${cycle.map((name) => `"${name}"`).join(' is within ')}`;
    problems.push(atKey(document, ['spec', 'groups', cycle[0] ?? ''], { code: 'GROUP_CYCLE', message }));
  }
  return problems;
}

function unknownGroup(
  document: LoadedInventory,
  path: (string | number)[],
  of: { group: string; known: readonly string[] },
): Problem {
  const message = `Cannot use the group "${of.group}": it is not declared`;
  return atValue(document, path, {
    code: 'UNKNOWN_GROUP',
    message,
    found: of.group,
    accepted: of.known,
    nearest: nearestWord(of.group, of.known),
  });
}

/** Variables that Ansible reads and that would be ignored, or would keep a password in clear text. */
function variableProblems(document: LoadedInventory): Problem[] {
  const { hosts = [], groups = {}, vars = {} } = document.spec;
  const places = [
    { path: ['spec', 'vars'], vars },
    ...Object.entries(groups).map(([name, group]) => ({
      path: ['spec', 'groups', name, 'vars'],
      vars: group.vars ?? {},
    })),
    ...hosts.map((host, index) => ({ path: ['spec', 'hosts', index, 'vars'], vars: host.vars ?? {} })),
  ];
  return places.flatMap((place) =>
    refusedVariables(place.vars).map(({ name, reason }) =>
      atKey(document, [...place.path, name], {
        code: 'VARIABLE_REFUSED',
        message: `Cannot use the variable "${name}": ${reason}`,
        found: name,
      }),
    ),
  );
}
