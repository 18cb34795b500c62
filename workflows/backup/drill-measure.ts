import { isGood, newestFirst, setsById } from '../domain/backup-set';
import type { AssertionsTold, RestoreTold } from '../domain/drill-verdict';
import { elapsedText } from '../domain/elapsed-text';
import { againstObjective, recoveryPoint, recoveryTime } from '../domain/recovery-objectives';
import type { RecoveryTimes } from '../domain/recovery-objectives';
import type { DrillMeasure } from './drill-record';
import type { KnownSet, PlanInForce } from './messages';
import { isAtManifest } from './recovery';
import type { Recovered } from './recovery';

/** What a drill that held knows of its times. By the clock of the engine, but for what the host of the drill tells. */
export interface Measurable {
  readonly targetMs: number;
  /** t0 and t2: the loss is declared. */
  readonly declaredAtMs: number;
  readonly recovered: Recovered;
  readonly restored: RestoreTold;
  readonly asserted: AssertionsTold;
  /** Of all sets of the plan. */
  readonly isNewest: boolean;
}

/** R-RTO-1 and R-RPO-1 of a drill: t0 is the injection, which is when the loss was declared. */
export function measureDrill(found: Measurable, { objectives }: PlanInForce): DrillMeasure {
  const times = timesOf(found);
  const { achievedMs: rtoMs, planMs } = recoveryTime(times);
  const point = pointOf(found);
  const { rpoMs } = point;
  const rto = againstObjective(rtoMs, objectives.rtoMs);
  const rpo = againstObjective(rpoMs, objectives.rpoMs);
  const what =
    found.recovered.replayed === null ? 'nothing was started: t5 is when the assertions had held' : 't5 − t0';
  const time = `RTO achieved ${textOf(rtoMs)} (${what}), plan time ${textOf(planMs)} (t4 − t3)`;
  return {
    times,
    rtoMs,
    rpoMs,
    recoveryTime: `${time}: ${verdictText(rto, objectives.rtoMs)}`,
    recoveryPoint: `${point.text}: ${verdictText(rpo, objectives.rpoMs)}`,
    missed: [
      ...(rto === 'missed' ? [`RTO ${textOf(rtoMs)} misses its objective of ${textOf(objectives.rtoMs)}`] : []),
      ...(rpo === 'missed' ? [`RPO ${textOf(rpoMs)} misses its objective of ${textOf(objectives.rpoMs)}`] : []),
    ],
  };
}

/** Whether no good set is younger: only then does its age say what a loss would cost. */
export function isNewestGood(set: KnownSet, sets: readonly KnownSet[]): boolean {
  const byId = setsById(sets);
  return newestFirst(sets).find((each) => isGood(each, byId) || each.id === set.id)?.id === set.id;
}

function timesOf({ declaredAtMs, recovered }: Measurable): RecoveryTimes {
  const { startedAtMs, replayed, replayedAtMs, endedAtMs } = recovered;
  const span = { fromMs: startedAtMs, untilMs: replayedAtMs ?? endedAtMs };
  return {
    impactAtMs: declaredAtMs,
    detectedAtMs: null,
    declaredAtMs,
    planStartAtMs: startedAtMs,
    answeringAtMs: onOurClock(replayed?.answeringAtMs ?? endedAtMs, span),
    healthyAtMs: onOurClock(replayed?.healthyAtMs ?? endedAtMs, span),
  };
}

/** What the host says, unless its clock cannot be right: then the time at which we knew it, which is never too short. */
function onOurClock(toldMs: number, { fromMs, untilMs }: { fromMs: number; untilMs: number }): number {
  return toldMs >= fromMs && toldMs <= untilMs ? toldMs : untilMs;
}

function pointOf(found: Measurable): { readonly rpoMs: number | null; readonly text: string } {
  const { targetMs, declaredAtMs, restored, asserted, isNewest } = found;
  const isSetOnly = isAtManifest(targetMs, restored);
  if (isSetOnly && !isNewest) return { rpoMs: null, text: 'RPO not measured, since a newer backup is there' };
  // Recovered to a point that was chosen, the loss is what is missing there.
  const impactAtMs = !isSetOnly && targetMs > 0 ? targetMs : declaredAtMs;
  const point = recoveryPoint({ impactAtMs, heartbeatAtMs: asserted.heartbeatAtMs, lostTransactions: null });
  if (point.kind === 'unknown') return { rpoMs: null, text: `RPO unknown, since ${point.reason}` };
  return { rpoMs: point.achievedMs, text: `RPO achieved ${textOf(point.achievedMs)} (t0 − last recovered heartbeat)` };
}

function verdictText(verdict: ReturnType<typeof againstObjective>, objectiveMs: number | null): string {
  switch (verdict) {
    case 'met':
      return `its objective of ${textOf(objectiveMs)} is met`;
    case 'missed':
      return `its objective of ${textOf(objectiveMs)} is missed`;
    case 'unknown':
      return `whether its objective of ${textOf(objectiveMs)} is met is not known`;
    case 'no-objective':
      return 'it has no objective';
  }
}

function textOf(ms: number | null): string {
  return ms === null ? 'unknown' : elapsedText(ms);
}
