import { catalogue } from '../activities/index';
import { compile } from '../definitions/compile';
import { describePlan } from '../definitions/plan-view';
import { resolveInventory } from '../definitions/inventory';
import { loadText } from '../definitions/load';
import type { Figure } from './figure';

const runbookText = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: wide, version: 1.0.0, title: A rollout over everything, owner: team/bench }
spec:
  inputs: { version: { type: string } }
  vars: { web: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}" }
  steps:
    - id: deploy
      rollout: { targets: '\${{ vars.web }}', waves: [1, 10%, 100%], parallel: 100 }
      steps:
        - { id: before, exec: [cat, release], effect: read }
        - { id: install, exec: [install-release, '\${{ inputs.version }}', '\${{ host.labels.rack }}'], undo: { exec: [install-release, '\${{ host.steps.before.stdout }}'] } }
`;

/** Loading, checking, compiling and showing a rollout over many hosts. */
export async function compileFigures(hostCount: number): Promise<readonly Figure[]> {
  const startedAt = performance.now();
  const { documents } = loadText('wide.yaml', `${runbookText}---\n${inventoryText(hostCount)}`);
  const loadedAt = performance.now();
  const runbook = documents.find((document) => document.kind === 'Runbook');
  const inventory = documents.find((document) => document.kind === 'Inventory');
  if (runbook?.kind !== 'Runbook' || inventory?.kind !== 'Inventory')
    throw new Error('Cannot take the figure: the documents do not load');
  const resolved = await resolveInventory(inventory);
  if (!resolved.ok) throw new Error('Cannot take the figure: the inventory does not resolve');
  const result = compile({
    runbook,
    documents: [documents],
    inventory: resolved.inventory,
    inputs: { version: '1.0' },
    catalogue,
  });
  if (!result.ok) throw new Error(`Cannot take the figure: ${JSON.stringify(result.problems)}`);
  const compiledAt = performance.now();
  describePlan({ plan: result.plan, blobs: result.blobs });
  const shownAt = performance.now();
  return [
    { name: `load an inventory of ${hostCount} hosts`, value: loadedAt - startedAt, unit: 'ms', target: '' },
    { name: `compile a rollout over ${hostCount} hosts`, value: compiledAt - loadedAt, unit: 'ms', target: '' },
    { name: 'show its plan', value: shownAt - compiledAt, unit: 'ms', target: '' },
  ];
}

function inventoryText(hostCount: number): string {
  const hosts = Array.from(
    { length: hostCount },
    (_, index) =>
      `    - { name: web${index}, address: 10.${index >> 16}.${(index >> 8) & 255}.${index & 255}, user: deploy, labels: { role: web, rack: r${index % 20} } }`,
  );
  return `apiVersion: mainstay/v1
kind: Inventory
metadata: { name: wide, version: 1.0.0, title: Many hosts, owner: team/bench }
spec:
  hosts:
${hosts.join('\n')}
`;
}
