import { deepVerifySlot, drillSlot } from '../workflows/backup/messages';
import type { Slot } from '../workflows/backup/messages';
import type { BackupPlan, BackupSchedule } from '../workflows/backup/schema';
import { occurrencesFrom, readSchedule } from './backup-schedule';
import type { Occurrence } from './backup-schedule';
import { DayClock } from './calendar/day-clock';
import { ianaZone } from './calendar/zone';
import type { DocumentPath } from './problems';

/** One of a plan's schedules: what it starts, and where it stands below `spec`. */
export interface PlannedSchedule {
  /** As in a slot. */
  readonly run: string;
  readonly schedule: BackupSchedule;
  readonly path: DocumentPath;
}

export function schedulesOf({ backups, verify, drill }: BackupPlan): readonly PlannedSchedule[] {
  const ofBackups = backups.flatMap(({ id, schedule }, index) =>
    schedule === undefined ? [] : [{ run: id, schedule, path: ['backups', index, 'schedule'] }],
  );
  const deep = verify?.deep?.schedule;
  return [
    ...ofBackups,
    ...(deep === undefined ? [] : [{ run: deepVerifySlot, schedule: deep, path: ['verify', 'deep', 'schedule'] }]),
    ...(drill?.schedule === undefined
      ? []
      : [{ run: drillSlot, schedule: drill.schedule, path: ['drill', 'schedule'] }]),
  ];
}

/** A slot, and what the clock of the wall did then. */
export type ClockedSlot = Slot & Pick<Occurrence, 'change'>;

/** Every slot of a plan from `fromMs` on, in order. A schedule that cannot be read has none: whoever publishes it is told. */
export function* slotsFrom(plan: BackupPlan, fromMs: number, clock: DayClock = clockOf(plan)): Generator<ClockedSlot> {
  const queues: Queue[] = [];
  for (const { run, schedule } of schedulesOf(plan)) {
    const reading = readSchedule(schedule, clock);
    if (!reading.ok) continue;
    const rest = occurrencesFrom(reading.schedule, clock, fromMs);
    queues.push({ run, rest, next: rest.next() });
  }
  for (;;) {
    const first = earliest(queues);
    if (first === null) return;
    const { atMs, change } = first.occurrence;
    yield { run: first.queue.run, atMs, change };
    first.queue.next = first.queue.rest.next();
  }
}

/** An unknown zone, which nobody can publish, is UTC. */
export function clockOf({ zone }: Pick<BackupPlan, 'zone'>): DayClock {
  const found = ianaZone(zone ?? 'UTC');
  return new DayClock(found ?? { name: 'UTC', instantOf: (wall) => wall, wallOf: (instantMs) => instantMs });
}

interface Queue {
  readonly run: string;
  readonly rest: Generator<Occurrence>;
  next: IteratorResult<Occurrence>;
}

/** Of two at one instant the one that the plan names first. */
function earliest(queues: readonly Queue[]): { readonly queue: Queue; readonly occurrence: Occurrence } | null {
  let found: { readonly queue: Queue; readonly occurrence: Occurrence } | null = null;
  for (const queue of queues) {
    const { next } = queue;
    if (next.done === true) continue;
    if (found === null || next.value.atMs < found.occurrence.atMs) found = { queue, occurrence: next.value };
  }
  return found;
}
