import { clockOf } from '../../definitions/backup-slots';
import { wallDayMs } from '../../definitions/calendar/wall-time';
import type { BackupPlan } from '../../workflows/backup/schema';
import { parseDuration } from '../../workflows/domain/duration';
import type { RetentionPolicy } from '../../workflows/domain/retention-policy';

/** What is kept, with calendar days (`P30D`) as long as they were before `atMs` in the zone of the plan (R-TIME-1). */
export function retentionPolicy(
  { retention = {}, zone }: Pick<BackupPlan, 'retention' | 'zone'>,
  atMs: number,
): RetentionPolicy {
  const spanMs = (text: string | undefined): number => (text === undefined ? 0 : spanBefore(text, { zone, atMs }));
  return {
    algorithm: retention.algorithm ?? 'independent',
    last: retention.last ?? 0,
    hourly: retention.hourly ?? 0,
    daily: retention.daily ?? 0,
    weekly: retention.weekly ?? 0,
    monthly: retention.monthly ?? 0,
    yearly: retention.yearly ?? 0,
    withinMs: spanMs(retention.within),
    fullOlderThanMs: spanMs(retention.fullOlderThan),
    minimumRedundancy: retention.minimumRedundancy ?? 1,
  };
}

function spanBefore(
  text: string,
  { zone, atMs }: { readonly zone: string | undefined; readonly atMs: number },
): number {
  const parsed = parseDuration(text);
  switch (parsed.kind) {
    case 'ms':
      return parsed.ms;
    case 'days': {
      const clock = clockOf(zone === undefined ? {} : { zone });
      return atMs - clock.zone.instantOf(clock.zone.wallOf(atMs) - parsed.days * wallDayMs);
    }
    // Nobody can publish it.
    case 'invalid':
      return 0;
  }
}
