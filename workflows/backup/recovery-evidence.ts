import type { AssertionResult } from '../domain/backup-levels';
import { missingEvidence } from '../domain/drill-evidence';
import type { DrillEvidence } from '../domain/drill-evidence';
import type { KnownSet, OperationInput } from './messages';
import type { StepTime } from './step-times';

export interface Evidenced {
  readonly set: KnownSet | null;
  readonly approver: string;
  readonly steps: readonly StepTime[];
  readonly results: readonly AssertionResult[];
  readonly recoveryPoint: string;
  readonly recoveryTime: string;
  readonly fingerprint: string;
  readonly leftovers: readonly string[] | null;
}

/** R-DRILL-7, of a drill and of a restore; and what of it is missing. */
export function recoveryEvidence(
  found: Evidenced,
  { plan, operation }: OperationInput,
): DrillEvidence & { readonly missing: readonly string[]; readonly plan: string; readonly toolId: string } {
  const { set, approver, steps, results, recoveryPoint, recoveryTime, fingerprint, leftovers } = found;
  const { clauses } = plan.with;
  const evidence: DrillEvidence = {
    backupId: set?.id ?? '',
    digest: set?.digest ?? '',
    toolVersions: set === null ? [] : [set.versions.tool, set.versions.server].filter((version) => version !== ''),
    operator: operation.requester,
    approver,
    steps,
    assertions: results,
    recoveryPoint,
    recoveryTime,
    targetFingerprint: fingerprint,
    leftovers,
    clauses: typeof clauses === 'string' ? clauses : '',
  };
  const missing = missingEvidence(evidence);
  return { ...evidence, missing, plan: `${plan.name}@${plan.version}`, toolId: set?.setId ?? '' };
}
