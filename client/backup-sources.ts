import { backupPlan } from '../activities/plans/backup-plan';
import { backupSlots } from '../activities/plans/backup-slots';
import { PublishedShelf } from '../activities/plans/published-shelf';
import { explainRetention } from '../activities/plans/retention-plan';
import type { Store } from '../platform/store/store';
import type { PlanInForce, PrunePlan, Slot } from '../workflows/backup/messages';

/** Backup plans as they are published now, read with the same functions as their keepers do. */
export interface BackupSources {
  /** Names, in byte order. */
  published(): Promise<readonly string[]>;
  /** Null: no such plan is published. */
  read(plan: string): Promise<PublishedPlan | null>;
  slots(plan: string, time: SlotTime): Promise<readonly Slot[]>;
  /** What would be deleted now, and why all else stays. */
  retention(plan: string, atMs: number): Promise<PrunePlan | Broken>;
}

/** Published, and cannot be gone by: something that it names is missing. */
export interface Broken {
  readonly problems: readonly string[];
}

export type PublishedPlan = { readonly inForce: PlanInForce } | Broken;

export interface SlotTime {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly limit: number;
}

export function backupSources(store: Store): BackupSources {
  const shelf = new PublishedShelf(store);
  return {
    async published() {
      const { documents } = await shelf.documents();
      const plans = documents.filter(({ kind }) => kind === 'BackupPlan');
      return [...new Set(plans.map(({ metadata }) => metadata.name))].sort();
    },
    async read(plan) {
      const answer = await backupPlan(shelf, { plan });
      if ('gone' in answer) return null;
      return 'problems' in answer ? brokenBy(answer) : answer;
    },
    slots: async (plan, time) => (await backupSlots(shelf, { plan, ...time })).slots,
    async retention(plan, atMs) {
      const answer = await explainRetention({ store, shelf }, { plan, atMs, pinned: [] });
      return 'problems' in answer ? brokenBy(answer) : answer;
    },
  };
}

function brokenBy({ problems }: { readonly problems: readonly { readonly message: string }[] }): Broken {
  return { problems: problems.map(({ message }) => message) };
}
