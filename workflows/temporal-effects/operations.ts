import { CancellationScope, getExternalWorkflowHandle } from '@temporalio/workflow';

import { backupMessageNames, operationWorkflowType } from '../backup/messages';
import type { Effects } from '../effects';
import { workflowIdOf } from '../runbook/messages';
import type { LocalActivities } from './activities';
import type { JournalBuffer } from './journal-buffer';
import { startOnce } from './start-once';

interface Parts {
  readonly local: LocalActivities;
  readonly journal: JournalBuffer;
}

/** Backup operations as workflows of their own: they outlive whoever launches them. */
export function operations(
  { local, journal }: Parts,
  parent: string | null,
): Pick<Effects, 'launch' | 'announce' | 'callOff'> {
  return {
    launch: (operation) =>
      CancellationScope.nonCancellable(async () => {
        await journal.flush();
        await local.ask('operation.open', operation);
        await startOnce({
          type: operationWorkflowType,
          id: operation.operation.id,
          input: operation,
          summary: `${operation.work.kind} of ${operation.plan.name}`,
        });
      }),
    async announce(end) {
      await journal.flush();
      if (parent !== null) await tell(parent, [backupMessageNames.operationEnded, end]);
    },
    callOff: (operationId, reason) => tell(operationId, [backupMessageNames.cancel, reason]),
  };
}

/** Nobody is there, or does not wait any more: no harm done, what the journal holds is looked at again. */
async function tell(id: string, [name, fact]: readonly [name: string, fact: unknown]): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    Promise.allSettled([getExternalWorkflowHandle(workflowIdOf(id)).signal(name, fact)]),
  );
}
