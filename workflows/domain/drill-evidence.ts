import type { AssertionResult } from './backup-levels';

/** R-DRILL-7; empty, null or an empty list: it is missing. */
export interface DrillEvidence {
  readonly backupId: string;
  readonly digest: string;
  readonly toolVersions: readonly string[];
  readonly operator: string;
  readonly approver: string;
  readonly steps: readonly {
    readonly step: string;
    readonly startedAtMs: number | null;
    readonly endedAtMs: number | null;
  }[];
  readonly assertions: readonly AssertionResult[];
  /** An unknown one is evidence too, as long as it says so. */
  readonly recoveryPoint: string;
  readonly recoveryTime: string;
  readonly targetFingerprint: string;
  /** What is left over after it; null: nobody looked. */
  readonly leftovers: readonly string[] | null;
  /** Link to the list of clauses that it answers to. */
  readonly clauses: string;
}

/** What an auditor would miss, in the words of the rule; empty: complete. */
export function missingEvidence(evidence: DrillEvidence): readonly string[] {
  const { steps } = evidence;
  const present: readonly (readonly [string, boolean])[] = [
    ['backup id', evidence.backupId !== ''],
    ['digest of the backup', evidence.digest !== ''],
    ['tool versions', evidence.toolVersions.length > 0],
    ['operator', evidence.operator !== ''],
    ['approver', evidence.approver !== ''],
    ['steps', steps.length > 0],
    ...steps.map(({ step, startedAtMs }) => [`start of "${step}"`, startedAtMs !== null] as const),
    ...steps.map(({ step, endedAtMs }) => [`end of "${step}"`, endedAtMs !== null] as const),
    ['assertion results', evidence.assertions.length > 0],
    ['RPO', evidence.recoveryPoint !== ''],
    ['RTO', evidence.recoveryTime !== ''],
    ['fingerprint of the target', evidence.targetFingerprint !== ''],
    ['proof of the teardown', evidence.leftovers !== null],
    ['link to the clauses', evidence.clauses !== ''],
  ];
  return present.filter(([, isThere]) => !isThere).map(([name]) => name);
}
