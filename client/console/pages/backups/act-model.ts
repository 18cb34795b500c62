import type { Action } from '../../../../workflows/domain/authorization';
import type { SentOf } from '../../request';

/** What can be done to a backup plan, and to one of its sets. */
export type PlanAct = 'run' | 'verify' | 'drill' | 'restore' | 'forget' | 'pause' | 'resume';
export type SetAct = 'hold' | 'release' | 'restore' | 'verify' | 'drill';

export interface ActSpec {
  readonly title: string;
  readonly action: Action;
  /** What it does, said before it is done. */
  readonly text: string;
  /** Somebody asks later why it was done. */
  readonly reason: 'none' | 'optional' | 'required';
}

export const actSpecs: { readonly [A in PlanAct | SetAct]: ActSpec } = {
  run: { title: 'Back up now', action: 'backup.run', text: 'Makes a backup now, and verifies it.', reason: 'none' },
  verify: {
    title: 'Verify',
    action: 'backup.run',
    text: 'Reads the repository; a set that is not intact is marked broken.',
    reason: 'none',
  },
  drill: {
    title: 'Drill',
    action: 'backup.run',
    text: 'Restores to an isolated place, asserts, measures and destroys what it restored.',
    reason: 'none',
  },
  restore: {
    title: 'Restore',
    action: 'backup.run',
    text: 'Restores beside what is live after people have approved it, and shows the differences.',
    reason: 'required',
  },
  forget: {
    title: 'Plan deletion',
    action: 'backup.manage',
    text: 'Plans now what retention lets go; it is deleted after its grace, unless anything speaks for it until then.',
    reason: 'none',
  },
  pause: {
    title: 'Pause',
    action: 'backup.manage',
    text: 'Nothing of the plan starts by itself any more.',
    reason: 'optional',
  },
  resume: { title: 'Resume', action: 'backup.manage', text: 'The plan goes on by its schedule.', reason: 'optional' },
  hold: { title: 'Hold', action: 'backup.manage', text: 'Keeps the set whatever retention says.', reason: 'required' },
  release: {
    title: 'Release',
    action: 'backup.manage',
    text: 'Lifts a hold; of a legal or permanent one two people are asked.',
    reason: 'required',
  },
};

export interface BackupForm {
  readonly reason: string;
  /** Of a restore: `latest`, or a moment on the clock of the zone. */
  readonly at: string;
  /** Restore over what is live instead of beside it. */
  readonly over: boolean;
  /** Of a hold. */
  readonly name: string;
  readonly kind: 'plain' | 'legal' | 'permanent';
}

export const emptyBackupForm: BackupForm = { reason: '', at: '', over: false, name: '', kind: 'plain' };

/** What the API takes of one of them. */
export type ActBody = SentOf<`POST /backups/:plan/${PlanAct | SetAct}`>;

export interface Acted {
  readonly act: PlanAct | SetAct;
  /** Null: the plan as a whole. */
  readonly set: string | null;
  /** A moment as the API takes it; empty: as late as can be. */
  readonly at: string;
}

/** What is sent; absent is what nobody chose. */
export function bodyOf({ reason, over, name, kind }: BackupForm, { act, set, at }: Acted): ActBody {
  const ofSet = set === null ? {} : { set };
  switch (act) {
    case 'run':
    case 'forget':
      return {};
    case 'verify':
    case 'drill':
      return ofSet;
    case 'restore':
      return { ...ofSet, at: at === '' ? 'latest' : at, over, reason };
    case 'pause':
    case 'resume':
      return { reason };
    case 'hold':
      return { ...ofSet, name, kind, reason };
    case 'release':
      return { ...ofSet, name, reason };
  }
}

/** Why an act makes no sense as the plan stands; null: it does. */
export function planRefusal(act: PlanAct, { paused }: { readonly paused: unknown }): string | null {
  if (act === 'pause' && paused !== null) return 'It is paused already.';
  return act === 'resume' && paused === null ? 'It is not paused.' : null;
}
