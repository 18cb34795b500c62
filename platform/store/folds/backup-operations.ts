import type { Scope } from '../../../workflows/domain/authorization';
import type { JournalPayloads } from '../../../workflows/domain/journal';
import type { BackupOperationRow } from '../backup-row';
import type { BackupEntry } from './backup-entry';

/** One operation, as far as its journal tells. Its steps, assertions and evidence are read from there. */
export interface BackupOperationDocument {
  readonly opened: Dated<JournalPayloads['backup.opened']> | null;
  readonly state: Dated<JournalPayloads['backup.state']> | null;
  readonly verdict: Dated<
    Pick<JournalPayloads['backup.verdict'], 'set' | 'verdict'> & { readonly step: string }
  > | null;
  readonly measured: Dated<JournalPayloads['backup.measured']> | null;
  readonly ended: Dated<JournalPayloads['backup.ended']> | null;
}

type Dated<P> = P & { readonly at: number };

export const unopenedOperation: BackupOperationDocument = {
  opened: null,
  state: null,
  verdict: null,
  measured: null,
  ended: null,
};

export function foldOperation(operation: BackupOperationDocument, entry: BackupEntry): BackupOperationDocument {
  const { kind, at, payload } = entry;
  switch (kind) {
    case 'backup.opened':
      return { ...operation, opened: operation.opened ?? { ...payload, at } };
    case 'backup.state':
      return { ...operation, state: newer(operation.state, { ...payload, at }) };
    case 'backup.measured':
      return { ...operation, measured: newer(operation.measured, { ...payload, at }) };
    case 'backup.verdict': {
      const { set, verdict, at: step } = payload;
      return { ...operation, verdict: newer(operation.verdict, { set, verdict, step, at }) };
    }
    case 'backup.ended':
      return { ...operation, ended: operation.ended ?? { ...payload, at } };
    case 'backup.kept':
    case 'backup.set':
    case 'backup.manifest':
    case 'backup.success':
    case 'backup.level':
    case 'backup.replicated':
    case 'backup.broken':
    case 'backup.pinned':
    case 'backup.expiring':
    case 'backup.pruned':
    case 'backup.held':
    case 'backup.released':
    case 'backup.alarm':
      return operation;
  }
}

function newer<T extends { readonly at: number }>(known: T | null, told: T): T {
  return known !== null && told.at < known.at ? known : told;
}

/** Null until `backup.opened` has arrived. */
export function backupOperationRow(id: string, operation: BackupOperationDocument): BackupOperationRow | null {
  const { opened, state, verdict, measured, ended } = operation;
  if (opened === null) return null;
  const { plan, service, keeper, kind, requester, work, at: openedAt } = opened;
  return {
    id,
    plan,
    service,
    keeper,
    kind,
    requester,
    work,
    scope: scopeOfOperation(opened),
    state: state?.state ?? '',
    openedAt,
    endedAt: ended?.at ?? null,
    outcome: ended?.outcome ?? null,
    reason: ended?.reason ?? state?.reason ?? '',
    set: ended?.set ?? verdict?.set ?? null,
    alarms: ended?.alarms ?? {},
    verdict: verdict === null ? null : { verdict: verdict.verdict, at: verdict.step },
    measured: measured === null ? null : measuredOf(measured),
  };
}

export function scopeOfOperation({ scope, service }: JournalPayloads['backup.opened']): Scope {
  return scope ?? { service: [service] };
}

function measuredOf(measured: JournalPayloads['backup.measured']): BackupOperationRow['measured'] {
  const { rtoMs, rpoMs, reported, times } = measured;
  return { rtoMs, rpoMs, reported, times };
}
