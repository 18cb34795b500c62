import { secondMs } from './duration';

import type { AssertionResult, VerificationLevel } from './backup-levels';

/**
 * R-DRILL-5. FAIL: the backup is to blame, and is marked broken. INTERRUPTED: a real incident or alarm. INVALID: the drill proves nothing,
 * since its assertions did not notice what was broken on purpose, or there were none. BLOCKED: the surroundings are to blame, before or
 * after the start; nothing is said about the backup.
 */
export type DrillVerdict = 'PASS' | 'FAIL' | 'INTERRUPTED' | 'INVALID' | 'BLOCKED';

export type DrillStep = 'select' | 'open' | 'restore' | 'replay' | 'assert' | 'mutate' | 'destroy' | 'close';

/** What each step told; one that was not come to is null. `mutations`: one for each that the plan asks for. */
export interface DrillFacts {
  /** Null: it ran its course. */
  readonly interrupted: { readonly step: DrillStep; readonly reason: string } | null;
  /** The first run that failed: its surroundings are to blame. */
  readonly faulted: { readonly step: DrillStep; readonly reason: string } | null;
  /** Null: no fit backup. */
  readonly selected: string | null;
  readonly opened: { readonly opened: boolean; readonly reason: string } | null;
  readonly restored: RestoreTold | null;
  readonly replayed: ReplayTold | null;
  /** To which point in time; 0: as the backup is, -1: as late as can be. */
  readonly targetMs: number;
  readonly asserted: AssertionsTold | null;
  /** The levels that the plan wants to see asserted. */
  readonly wantedLevels: readonly VerificationLevel[];
  readonly mutations: readonly MutationTold[];
  /** Null: the place had no network of its own. */
  readonly isolation: { readonly sunk: number; readonly escaped: number } | null;
}

export interface RestoreTold {
  readonly restored: boolean;
  readonly fault: '' | 'backup' | 'place';
  readonly reason: string;
  /** 0: only the set itself can be restored. */
  readonly earliestMs: number;
  readonly latestMs: number;
}

export interface ReplayTold {
  readonly started: boolean;
  readonly fault: '' | 'backup';
  readonly reason: string;
  readonly reachedMs: number;
  readonly endedAtTarget: boolean;
}

export interface AssertionsTold {
  readonly results: readonly AssertionResult[];
  readonly heartbeatAtMs: number;
}

export interface MutationTold {
  readonly mutation: string;
  /** False: the provider could not make it. */
  readonly applied: boolean;
  /** What noticed it; null: nothing did. */
  readonly noticedBy: string | null;
}

export interface DrillDecision {
  readonly verdict: DrillVerdict;
  /** The step at which it was decided, and where there is one the assertion or mutation. */
  readonly step: DrillStep;
  readonly decidedBy: string;
  readonly reason: string;
}

type Finding = DrillDecision | null;

/**
 * Steps are judged in their order and the first that decides is the verdict: what was found of a backup stands, whatever befalls the
 * drill after it.
 */
export function drillDecision(facts: DrillFacts): DrillDecision {
  for (const step of order) {
    const finding = judges[step](facts) ?? cutShort(step, facts);
    if (finding !== null) return finding;
  }
  return {
    verdict: 'PASS',
    step: 'assert',
    decidedBy: '',
    reason: 'all assertions held, and all mutations were noticed',
  };
}

const order = [
  'select',
  'open',
  'restore',
  'replay',
  'assert',
  'mutate',
  'destroy',
  'close',
] as const satisfies readonly DrillStep[];

const judges: { readonly [S in DrillStep]: (facts: DrillFacts) => Finding } = {
  select: ({ selected }) => (selected === null ? because('BLOCKED', 'select', 'no backup is fit for a drill') : null),
  open: ({ opened }) => (opened === null || opened.opened ? null : because('BLOCKED', 'open', opened.reason)),
  restore: judgeRestore,
  replay: judgeReplay,
  assert: judgeAssertions,
  mutate: judgeMutations,
  destroy: () => null,
  close: judgeIsolation,
};

function judgeRestore({ restored, targetMs }: DrillFacts): Finding {
  if (restored === null) return null;
  const { fault, reason, earliestMs, latestMs } = restored;
  if (fault === 'place') return because('BLOCKED', 'restore', reason);
  if (!restored.restored || fault === 'backup') return because('FAIL', 'restore', reason);
  if (targetMs <= 0) return null;
  // Nothing is archived, so nothing is missing: whoever named a point in time is to blame, not the backup.
  if (latestMs === 0)
    return because('BLOCKED', 'select', 'only the backup itself can be restored: name no point in time');
  // R-DRILL-2: too early is a wrong choice of the set; too late is a gap in the archive.
  if (targetMs < earliestMs)
    return because('BLOCKED', 'select', 'the target lies before what the backup can be recovered to');
  return targetMs > latestMs ? because('FAIL', 'restore', 'the archive ends before the target') : null;
}

/** R-DRILL-2: by the newest heartbeat, which the source writes every second, or a later commit. */
function judgeReplay({ replayed, asserted, targetMs }: DrillFacts): Finding {
  if (replayed === null) return null;
  if (!replayed.started || replayed.fault === 'backup') return because('FAIL', 'replay', replayed.reason);
  if (targetMs <= 0) return null;
  if (!replayed.endedAtTarget)
    return because('FAIL', 'replay', 'recovery ended before its target, at the end of the archive');
  const lastMs = Math.max(replayed.reachedMs, asserted?.heartbeatAtMs ?? 0);
  return lastMs < targetMs - secondMs
    ? because('FAIL', 'replay', `the last commit that was recovered is ${targetMs - lastMs} ms before the target`)
    : null;
}

function judgeAssertions({ asserted, wantedLevels }: DrillFacts): Finding {
  if (asserted === null) return null;
  const { results } = asserted;
  const failed = results.find(({ ok }) => !ok);
  if (failed !== undefined) return { ...because('FAIL', 'assert', failed.detail), decidedBy: failed.name };
  if (results.length === 0) return because('INVALID', 'assert', 'nothing was asserted');
  const missing = wantedLevels.find((wanted) => results.every(({ level }) => level !== wanted));
  return missing === undefined ? null : because('INVALID', 'assert', `nothing was asserted at ${missing}`);
}

function judgeMutations({ mutations }: DrillFacts): Finding {
  const unnoticed = mutations.find(({ applied, noticedBy }) => applied && noticedBy === null);
  if (unnoticed !== undefined) {
    const reason = `the assertions did not notice "${unnoticed.mutation}"`;
    return { ...because('INVALID', 'mutate', reason), decidedBy: unnoticed.mutation };
  }
  const unmade = mutations.find(({ applied }) => !applied);
  if (unmade === undefined) return null;
  return { ...because('BLOCKED', 'mutate', `"${unmade.mutation}" could not be made`), decidedBy: unmade.mutation };
}

/** R-DRILL-1: that nothing left the place is believed only when the sink was seen to work. */
function judgeIsolation({ isolation }: DrillFacts): Finding {
  if (isolation === null) return null;
  if (isolation.escaped > 0) return because('BLOCKED', 'close', `${isolation.escaped} packets left the place`);
  return isolation.sunk > 0
    ? null
    : because('BLOCKED', 'close', 'nothing came to the sink, so nobody knows where it went');
}

/** A drill that ended at this step without a finding of its own. */
function cutShort(step: DrillStep, { interrupted, faulted }: DrillFacts): Finding {
  if (interrupted?.step === step) return because('INTERRUPTED', step, interrupted.reason);
  return faulted?.step === step ? because('BLOCKED', step, faulted.reason) : null;
}

function because(verdict: DrillVerdict, step: DrillStep, reason: string): DrillDecision {
  return { verdict, step, decidedBy: '', reason };
}
