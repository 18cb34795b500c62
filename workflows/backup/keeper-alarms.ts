import { drillAgeProblem } from '../domain/drill-age';
import { elapsedText } from '../domain/elapsed-text';
import { isAtRisk, recoveryPointRisk, riskAlarmAtMs } from '../domain/recovery-objectives';
import { alarmsOf } from './alarm-names';
import { noteKept } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import { tellOwner, withdrawNotice } from './keeper-tasks';
import type { KnownSet, OperationEnd, PlanInForce } from './messages';

/** Said again it is no news, however the figures in it have changed. */
export async function raise(alarm: string, text: string, here: KeeperHere): Promise<void> {
  const { state, input } = here;
  const isOn = state.alarms[alarm] !== undefined;
  state.alarms = { ...state.alarms, [alarm]: text };
  if (isOn) return;
  noteKept(here, 'backup.alarm', { plan: input.plan, alarm, active: true, text });
  const title = `Alarm "${alarm}" of backup plan "${input.plan}": ${text}`;
  await tellOwner({ about: `alarm/${alarm}`, title, show: { plan: input.plan, alarm, text } }, here);
}

export function lower(alarm: string, here: KeeperHere): void {
  const { state, input } = here;
  if (state.alarms[alarm] === undefined) return;
  state.alarms = Object.fromEntries(Object.entries(state.alarms).filter(([name]) => name !== alarm));
  noteKept(here, 'backup.alarm', { plan: input.plan, alarm, active: false, text: '' });
  withdrawNotice(`alarm/${alarm}`, here);
}

/** Only one that succeeded has looked at everything that it could find. */
export async function takeAlarms({ kind, outcome, alarms }: OperationEnd, here: KeeperHere): Promise<void> {
  if (alarms === undefined) return;
  for (const [alarm, text] of Object.entries(alarms)) await raise(alarm, text, here);
  if (outcome !== 'succeeded') return;
  for (const alarm of alarmsOf(kind)) if (alarms[alarm] === undefined) lower(alarm, here);
}

/** R-RPO-2. Answers when time alone makes it true; null: never. */
export async function tendRisk(plan: PlanInForce, sets: readonly KnownSet[], here: KeeperHere): Promise<number | null> {
  const { rpoMs } = plan.objectives;
  if (rpoMs === null) {
    lower('rpo', here);
    return null;
  }
  const needed = { offsite: plan.repositories.offsite !== null };
  const risk = recoveryPointRisk(sets, needed, here.effects.now());
  if (!isAtRisk(risk, rpoMs)) {
    lower('rpo', here);
    return riskAlarmAtMs(risk, rpoMs);
  }
  const where = needed.offsite ? ' offsite' : '';
  const found =
    risk.kind === 'unbounded'
      ? `there is no verified backup${where}`
      : `the newest verified backup${where} is ${elapsedText(risk.riskMs)} old`;
  await raise('rpo', `${found}, ${elapsedText(rpoMs)} are allowed`, here);
  return null;
}

/** A plan is as old as its keeper: nobody can have drilled before. Answers as above. */
export async function tendDrillAge(plan: PlanInForce, here: KeeperHere): Promise<number | null> {
  const maxAgeMs = plan.drill?.maxAgeMs ?? null;
  if (maxAgeMs === null) {
    lower('drill-age', here);
    return null;
  }
  const { effects, input } = here;
  const { drills } = await effects.lookUp('drillHistory', { plan: plan.name });
  const lastPassAtMs = drills.find(({ verdict }) => verdict === 'PASS')?.endedAt ?? null;
  const dueMs = (lastPassAtMs ?? input.keeper.createdAt) + maxAgeMs + 1;
  const problem = drillAgeProblem({ service: plan.service, lastPassAtMs, maxAgeMs }, effects.now());
  if (effects.now() >= dueMs && problem !== null) {
    await raise('drill-age', problem, here);
    return null;
  }
  lower('drill-age', here);
  return dueMs;
}
