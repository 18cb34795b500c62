import type { Scope } from '../../../workflows/domain/authorization';
import type { JournalPayloads } from '../../../workflows/domain/journal';
import type { BackupPlanRow, PruningRow } from '../backup-row';
import { compareText } from '../text-order';
import type { BackupEntry } from './backup-entry';

/** One backup plan, as far as the journal of its keeper tells. */
export interface BackupPlanDocument {
  readonly kept: Dated<JournalPayloads['backup.kept']> | null;
  readonly state: (Dated<JournalPayloads['backup.state']> & { readonly by: string }) | null;
  readonly alarms: { readonly [alarm: string]: AlarmState };
  readonly pruning: PruningRow | null;
}

type Dated<P> = P & { readonly at: number };

interface AlarmState {
  readonly active: boolean;
  readonly text: string;
  /** Since when it is as it is. */
  readonly since: number;
  readonly at: number;
}

export const unkeptPlan: BackupPlanDocument = { kept: null, state: null, alarms: {}, pruning: null };

export function foldPlan(plan: BackupPlanDocument, entry: BackupEntry): BackupPlanDocument {
  const { kind, at, actor, payload } = entry;
  switch (kind) {
    case 'backup.kept':
      return isOlder(at, plan.kept) ? plan : { ...plan, kept: { ...payload, at } };
    case 'backup.state':
      return isOlder(at, plan.state) ? plan : { ...plan, state: { ...payload, by: actor, at } };
    case 'backup.alarm':
      return { ...plan, alarms: withAlarm(plan.alarms, payload, at) };
    case 'backup.expiring': {
      const { sets, explained, notBeforeMs, notAfterMs } = payload;
      if (plan.pruning !== null && at < plan.pruning.madeAt) return plan;
      return { ...plan, pruning: { sets, explained, notBeforeMs, notAfterMs, madeAt: at } };
    }
    case 'backup.opened':
    case 'backup.set':
    case 'backup.manifest':
    case 'backup.success':
    case 'backup.level':
    case 'backup.replicated':
    case 'backup.broken':
    case 'backup.pinned':
    case 'backup.pruned':
    case 'backup.held':
    case 'backup.released':
    case 'backup.measured':
    case 'backup.verdict':
    case 'backup.ended':
      return plan;
  }
}

function isOlder(at: number, known: { readonly at: number } | null): boolean {
  return known !== null && at < known.at;
}

/** An alarm that is only said again is on since it was said first. */
function withAlarm(
  alarms: BackupPlanDocument['alarms'],
  { alarm, active, text }: JournalPayloads['backup.alarm'],
  at: number,
): BackupPlanDocument['alarms'] {
  const known = alarms[alarm];
  if (known !== undefined && at < known.at) return alarms;
  const since = known?.active === active ? known.since : at;
  return { ...alarms, [alarm]: { active, text, since, at } };
}

/** Null until `backup.kept` has arrived. */
export function backupPlanRow(id: string, plan: BackupPlanDocument): BackupPlanRow | null {
  const { kept, state, alarms, pruning } = plan;
  if (kept === null) return null;
  const { plan: name, version, service, provider, inForce, at: keptAt } = kept;
  return {
    id,
    name,
    version,
    service,
    provider,
    inForce,
    keptAt,
    scope: scopeOfPlan(kept),
    paused: state?.state === 'paused' ? { reason: state.reason, by: state.by, at: state.at } : null,
    alarms: Object.entries(alarms)
      .flatMap(([alarm, { active, text, since }]) => (active ? [{ alarm, text, since }] : []))
      .sort((a, b) => compareText(a.alarm, b.alarm)),
    pruning: pruning === null || pruning.sets.length === 0 ? null : pruning,
  };
}

export function scopeOfPlan({ scope, service }: JournalPayloads['backup.kept']): Scope {
  return scope ?? { service: [service] };
}
