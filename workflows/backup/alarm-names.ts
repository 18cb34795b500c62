import type { PreflightAlarm } from '../domain/backup-preflight';
import type { OperationKind } from './messages';

/** What an operation can find wrong around the backups of its plan; the keeper has alarms of its own beside them. */
export type FoundAlarm =
  | PreflightAlarm
  /** Of the repository: nobody can prove that the holder is gone, or it does not go. */
  | 'locks'
  /** Nobody could look. */
  | 'preflight'
  /** The source was not let go again. */
  | 'quiesce'
  /** A good backup did not get to the other repository. */
  | 'offsite'
  /** Not intact after something was deleted. */
  | 'repository'
  /** Known backups that the repository does not hold, or nobody could look. */
  | 'missing'
  /** The last drill took longer, or would have lost more, than the plan allows. */
  | 'objectives'
  /** Left of restores and drills that have ended, or nobody could look. */
  | 'places';

export type FoundAlarms = { readonly [A in FoundAlarm]?: string };

const ofPreflight = ['space', 'clock', 'versions', 'lag', 'locks', 'preflight'] as const;

/** Those that go off when an operation of this kind succeeds without finding them. */
export function alarmsOf(kind: OperationKind): readonly FoundAlarm[] {
  switch (kind) {
    case 'backup':
      return [...ofPreflight, 'quiesce', 'offsite'];
    case 'watch':
      return [...ofPreflight, 'missing', 'places'];
    case 'forget':
    case 'verify':
      return ['repository'];
    case 'drill':
      return ['objectives'];
    case 'restore':
      return [];
  }
}
