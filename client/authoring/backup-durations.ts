import type { BackupOperationRow } from '../../platform/store/backup-row';
import { minuteMs } from '../../workflows/domain/duration';
import type { ForecastPlan, ScheduledKind } from '../../workflows/rehearsal/backup-play';

export type Durations = ForecastPlan['durationsMs'];

export const scheduledKinds: readonly ScheduledKind[] = ['backup', 'verify', 'drill'];

/** Where nobody has seen any yet. */
export const assumedDurations: Durations = { backup: 15 * minuteMs, verify: 30 * minuteMs, drill: 30 * minuteMs };

type Past = Pick<BackupOperationRow, 'plan' | 'kind' | 'outcome' | 'openedAt' | 'endedAt'>;

/** How long each kind takes in a plan: the median of what went well in it, else of all plans, else what is assumed. */
export function durationsFrom(past: readonly Past[], assumed: Partial<Durations> = {}): (plan: string) => Durations {
  const known = new Map<string, number[]>();
  for (const { plan, kind, outcome, openedAt, endedAt } of past) {
    if (endedAt === null || (outcome !== 'succeeded' && outcome !== 'PASS')) continue;
    for (const key of [`${kind} ${plan}`, kind]) known.set(key, [...(known.get(key) ?? []), endedAt - openedAt]);
  }
  const of = (kind: ScheduledKind, plan: string): number =>
    assumed[kind] ?? median(known.get(`${kind} ${plan}`) ?? known.get(kind) ?? []) ?? assumedDurations[kind];
  return (plan) => ({ backup: of('backup', plan), verify: of('verify', plan), drill: of('drill', plan) });
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
