import type { OperationKind } from './messages';

/**
 * What may go on at the same time in one plan. A backup and a verification take turns at the repository; restores and drills only read
 * it; what deletes is alone, so that nothing is held or pinned between its last look and the deletion (R-BKP-10).
 */
type Sharing = 'alone' | 'in-turn' | 'shared';

function sharingOf(kind: OperationKind): Sharing {
  switch (kind) {
    case 'forget':
      return 'alone';
    case 'backup':
    case 'verify':
      return 'in-turn';
    case 'restore':
    case 'drill':
    case 'watch':
      return 'shared';
  }
}

export function mayRunBeside(one: OperationKind, other: OperationKind): boolean {
  const both = [sharingOf(one), sharingOf(other)];
  return !both.includes('alone') && both.includes('shared');
}

export interface Queued {
  readonly id: string;
  readonly kind: OperationKind;
}

/** First come, first served: nothing overtakes what it would keep waiting, so that everything has its turn. */
export function startable(queue: readonly Queued[], running: readonly OperationKind[]): readonly string[] {
  const ahead = [...running];
  const ready: string[] = [];
  for (const { id, kind } of queue) {
    if (ahead.every((other) => mayRunBeside(kind, other))) ready.push(id);
    ahead.push(kind);
  }
  return ready;
}
