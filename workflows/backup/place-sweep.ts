import type { Here } from './here';
import type { PlaceHome } from './place-homes';
import { placeRole } from './provider';
import { askRole } from './role-outputs';

/** R-DRILL-6: places of operations that have ended, and of this one; those of others that are under way have a right to be there. */
export async function placesLeft(
  { host, parent, inventory }: PlaceHome,
  here: Here,
): Promise<{ readonly labels: readonly string[] } | { readonly fault: string }> {
  const call = { runbook: placeRole('sweep'), inputs: { host, parent }, inventory };
  const swept = await askRole(call, { labels: 'list' }, here);
  if (!swept.ok) return { fault: swept.reason };
  const labels = swept.told.labels.map(String);
  const own = here.input.operation.id;
  const others = [...new Set(labels.map(operationOf))].filter((id) => id !== own);
  const { ended } = others.length === 0 ? { ended: [] } : await here.effects.lookUp('operationsEnded', { ids: others });
  const over = new Set([own, ...ended.map(({ operation }) => operation)]);
  return { labels: labels.filter((label) => over.has(operationOf(label))) };
}

/** A label is the id of the operation, and what tells its places apart. */
function operationOf(label: string): string {
  return label.slice(0, operationIdLength);
}

const operationIdLength = 13;
