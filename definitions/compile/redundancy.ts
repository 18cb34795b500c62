import type { SeatLimits } from '../../workflows/domain/seats';
import type { Step } from '../../workflows/runbook/plan';
import { seatsOf } from '../inventory/redundancy';
import { report } from './site';
import type { Site } from './site';

/** R-ROLL-1: which of its hosts need a seat to be taken out of service. A body that only reads takes none out. */
export function compileRedundancy(
  site: Site,
  rollout: { readonly at: string; readonly set: string; readonly hosts: readonly string[] },
  steps: readonly Step[],
): { readonly redundancy?: SeatLimits } {
  const { inventory, sets } = site.unit.session;
  if (inventory === null || !steps.some(changes)) return {};
  const { groupsOf, limits } = seatsOf(rollout.hosts, inventory.redundancy);
  if (groupsOf.size === 0) return {};
  for (const [group, limit] of Object.entries(limits)) {
    if (limit > 0) continue;
    const count = inventory.redundancy[group]?.members.length ?? 0;
    report(site, {
      code: 'REDUNDANCY_IMPOSSIBLE',
      message: `Cannot take a host of the redundancy group "${group}" out of service: of ${count} none may ever be`,
      found: group,
    });
  }
  for (const [host, groups] of groupsOf)
    sets.decide(rollout.set, host, { at: rollout.at, step: { redundancy: groups } });
  return { redundancy: limits };
}

function changes(step: Step): boolean {
  if ((step.rescue ?? []).some(changes)) return true;
  if (step.kind === 'task') return step.operation.effect !== 'read';
  return step.kind === 'group' && step.steps.some(changes);
}
