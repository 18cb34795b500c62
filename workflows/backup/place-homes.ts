import type { PlanInForce } from './messages';
import type { PlaceSpec } from './place';

/** Where places are opened. */
export type PlaceHome = Pick<PlaceSpec, 'host' | 'parent' | 'inventory'>;

/** Where plans say nothing. */
const usualParent = '/var/tmp/mainstay';

/** On the host of what is live. */
export function restoreHome({ host, inventory, drill }: PlanInForce): PlaceHome {
  return { host, inventory, parent: drill?.directory ?? usualParent };
}

/** Each once. */
export function placeHomes(plan: PlanInForce): readonly PlaceHome[] {
  const { drill } = plan;
  const restores = restoreHome(plan);
  if (drill === null) return [restores];
  const { host, directory: parent, inventory } = drill;
  return host === restores.host && inventory === restores.inventory
    ? [restores]
    : [{ host, parent, inventory }, restores];
}
