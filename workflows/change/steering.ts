import { mayStartWave } from '../domain/approval-course';
import { minuteMs } from '../domain/duration';
import type { FreezeDuty } from '../domain/freeze';
import { lastStartMs, taskStart, windowTimes } from '../domain/window';
import type { WindowTimes } from '../domain/window';
import { freezeText } from './checks';
import { settleDuty } from './duty';
import { settleExtension } from './extending';
import { note } from './facts';
import type { Here } from './here';
import { freezeAhead, settleFreeze, settlePause } from './holding';
import { byPerson, order, orderBackOut } from './orders';
import { putQuestion, takeAnswer, withdrawQuestion } from './question';
import type { ChangeRun, WaveReady } from './state';

/**
 * What the change demands of its run (D8: the run owns its waves, the change lets it into each and may hold it or call it back).
 *
 * - ST1 A wave begins only when the change has admitted it: freezes, the window and the validity of the approval are looked at then.
 */
export async function keepSteering(here: Here): Promise<never> {
  const { state, effects } = here;
  for (;;) {
    const { news } = state;
    const wakeAt = await steer(here);
    await effects.flush();
    await effects.waitFor(() => state.news !== news, wakeAt ?? undefined);
    if (state.acts.length === 0) await effects.checkpoint();
  }
}

/** Calendars announce what they change; what was not announced is seen after this. */
const recheckMs = 15 * minuteMs;

/** Answers when to look again. */
async function steer(here: Here): Promise<number | null> {
  const { state, effects } = here;
  const { run } = state;
  if (run === null || run.backOut !== null) return null;
  if (settleExtension(here) === 'granted') await moveDeadline(run, here);
  const times = timesOf(here);
  const duty = await settleDuty(run, times, here);
  if (duty.kind === 'back-out') {
    await orderBackOut(duty.because, duty.by, here);
    return null;
  }
  await settlePause(run, duty.kind === 'pause', here);
  const freeze = await freezeAhead(run, here);
  await settleFreeze(run, freeze, here);
  if (state.run?.backOut !== null) return null;
  await admitWaves(run, { times, freeze }, here);
  const now = effects.now();
  const recheckAt = (state.model?.calendars.length ?? 0) > 0 ? now + recheckMs : Infinity;
  const wakeAt = Math.min(duty.wakeAtMs ?? Infinity, recheckAt, opensAt(freeze) ?? Infinity);
  return Number.isFinite(wakeAt) ? Math.max(wakeAt, now + 1) : null;
}

export function timesOf({ state }: Here): WindowTimes {
  return windowTimes(state.window, state.plan?.work.backOutP95Ms ?? 0);
}

/** R-WIN-3: nothing starts after the new cutoff. */
async function moveDeadline(run: ChangeRun, here: Here): Promise<void> {
  run.cutoffAt = lastStartMs(here.state.window);
  run.duty = null;
  withdrawQuestion('duty', here);
  await order({ action: 'setDeadline', cutoffAt: run.cutoffAt }, 'the window was extended', here);
}

function opensAt(freeze: FreezeDuty): number | null {
  return freeze.kind === 'hold' ? freeze.fitsAtMs : null;
}

interface Surroundings {
  readonly times: WindowTimes;
  readonly freeze: FreezeDuty;
}

async function admitWaves(run: ChangeRun, { freeze }: Surroundings, here: Here): Promise<void> {
  for (const [key, ready] of Object.entries(run.ready)) {
    const obstacle = freeze.kind === 'proceed' ? await obstacleOf(here) : `held: ${freezeText(freeze.because)}`;
    if (obstacle !== null) noteWaiting(run, { ready, obstacle }, here);
    else await admit(run, key, here);
  }
}

/** R-WIN-1, R-APPR-8: why no wave may start now. */
async function obstacleOf(here: Here): Promise<string | null> {
  const { state, effects } = here;
  const now = effects.now();
  if (taskStart(state.window, 'forward', now).kind !== 'allowed') return 'nothing may start any more in this window';
  const { approval } = state;
  if (approval === null || mayStartWave(approval.approval, now)) return null;
  await askAboutExpiry(here);
  return 'the approval has expired';
}

/** R-APPR-8: the wave that ran has finished, no other one starts, and a person decides. */
async function askAboutExpiry(here: Here): Promise<void> {
  const chosen = takeAnswer('expired', here);
  if (chosen?.choice === 'back-out')
    return orderBackOut(`the approval expired: decided by ${chosen.by}`, byPerson(chosen.by), here);
  if (chosen !== null) return;
  await putQuestion(
    {
      about: 'expired',
      title: 'The approval expired while the change was carried out: no other wave starts',
      candidates: here.state.model?.dutyManagers ?? [],
      options: ['wait', 'back-out'],
      show: {},
      dueAt: null,
      onDue: null,
      priority: 2,
    },
    here,
  );
}

function noteWaiting(
  run: ChangeRun,
  { ready, obstacle }: { readonly ready: WaveReady; readonly obstacle: string },
  here: Here,
): void {
  if (run.waitingFor === obstacle) return;
  run.waitingFor = obstacle;
  note(here, 'change.steered', { action: 'wait', wave: ready.wave, reason: obstacle });
}

async function admit(run: ChangeRun, key: string, here: Here): Promise<void> {
  const ready = run.ready[key];
  if (ready === undefined) return;
  const { path, wave } = ready;
  delete run.ready[key];
  run.admitted = [...run.admitted.filter((known) => known !== key), key];
  run.since = here.effects.now();
  run.waitingFor = null;
  const removed = await removedNow(here);
  const without = removed.length === 0 ? '' : `, without ${removed.join(', ')}: not in the inventory any more`;
  await order({ action: 'admitWave', path, wave, removed }, `wave ${wave} may begin${without}`, here);
}

/** R-ROLL-1: targets are frozen at approval; what is gone since is not touched, and told. */
async function removedNow({ state, effects }: Here): Promise<readonly string[]> {
  if (state.plan === null) return [];
  const { draft, plan } = state;
  return (await effects.lookUp('removedHosts', { draft, planDigest: plan.planDigest })).names;
}
