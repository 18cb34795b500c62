import { clockOf } from '../../definitions/backup-slots';
import { formatDate, startOfDay, wallDayMs, weekdayIndex } from '../../definitions/calendar/wall-time';
import type { WallMs } from '../../definitions/calendar/wall-time';
import type { BackupSetRow } from '../../platform/store/backup-row';
import type { Store } from '../../platform/store/store';
import { retentionOf } from '../../workflows/domain/retention';
import type { RetentionCandidate } from '../../workflows/domain/retention-policy';
import { retentionText } from '../../workflows/domain/retention-text';
import type { Lookups } from '../../workflows/effects';
import { findBackupPlan } from './backup-plan';
import type { PlanShelf } from './backup-plan';
import { retentionPolicy } from './retention-policy';

interface Sources {
  readonly store: Pick<Store, 'backups'>;
  readonly shelf: PlanShelf;
}

type Asked = Lookups['retentionPlan']['asked'];
type Answer = Lookups['retentionPlan']['answer'];

/** An answer becomes a part of a workflow's history (D5): what is left over is for the next plan. */
const most = { expiring: 250, explained: 250 } as const;

/** For whoever carries it out: the oldest of what goes, and why the newest of all else stays. */
export async function retentionPlan(sources: Sources, asked: Asked): Promise<Answer> {
  const answer = await explainRetention(sources, asked);
  if ('problems' in answer) return answer;
  const expiring = answer.expiring.slice(-most.expiring);
  const going = new Set(expiring);
  const staying = answer.explained.filter(({ keep }) => keep).slice(0, most.explained);
  const shown = new Set(staying.map(({ set }) => set));
  return {
    madeAt: answer.madeAt,
    expiring,
    explained: answer.explained.filter(({ set }) => going.has(set) || shown.has(set)),
  };
}

/** R-BKP-1 to R-BKP-10: what would be deleted now, and why all else stays, newest first. Nothing is changed by it. */
export async function explainRetention({ store, shelf }: Sources, { plan, atMs, pinned }: Asked): Promise<Answer> {
  const found = await findBackupPlan(shelf, plan);
  if (found === null) {
    const message = `Cannot plan what is deleted: no backup plan "${plan}" is published`;
    return { problems: [{ code: 'DEFINITION_NOT_FOUND', message }] };
  }
  const { spec } = found.document;
  // All of them: a set that the rules do not see is one that they cannot keep, nor count.
  const rows = await store.backups.sets({ plan, limit: everything });
  const clock = clockOf(spec);
  const candidates = rows.map((row): RetentionCandidate => ({
    ...standing(row),
    pins: [...row.pins, ...(pinned.includes(row.id) && row.pins.length === 0 ? ['an operation of the plan'] : [])],
    buckets: bucketsOf(clock.zone.wallOf(row.atMs)),
  }));
  const verdicts = retentionOf(candidates, retentionPolicy(spec, atMs), atMs);
  return {
    madeAt: atMs,
    expiring: verdicts.filter(({ keep }) => !keep).map(({ id }) => id),
    explained: verdicts.map((verdict) => ({ set: verdict.id, keep: verdict.keep, reasons: [retentionText(verdict)] })),
  };
}

const everything = 1_000_000;

function standing({
  id,
  atMs,
  parent,
  owned,
  levels,
  broken,
  holds,
  group,
}: BackupSetRow): Omit<RetentionCandidate, 'buckets' | 'pins'> {
  return { id, atMs, parent, owned, levels, broken, holds, group };
}

/** R-BKP-1: keys of the hour, the day, the ISO week, the month and the year that the clock of the wall shows. */
export function bucketsOf(wall: WallMs): RetentionCandidate['buckets'] {
  const day = formatDate(wall);
  return {
    hourly: new Date(wall).toISOString().slice(0, 13),
    daily: day,
    weekly: isoWeek(wall),
    monthly: day.slice(0, 7),
    yearly: day.slice(0, 4),
  };
}

/** A week belongs to the year of its Thursday. */
function isoWeek(wall: WallMs): string {
  const thursday = startOfDay(wall) + (3 - weekdayIndex(wall)) * wallDayMs;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * wallDayMs)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
