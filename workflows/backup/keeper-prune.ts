import { prunePhase } from '../domain/retention-grace';
import { asJson } from './here';
import { lower, raise } from './keeper-alarms';
import { noteKept } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import { want } from './keeper-operations';
import type { PrunePlan } from './messages';
import type { StandingPrune } from './keeper-state';

/** R-BKP-10: planned and shown, left alone for the grace, looked at again, deleted within a day, or planned anew. */
export async function tendPrune(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  const { plan, prune } = state;
  if (plan === null || !state.published || !plan.prunes) return dropPrune(here);
  if (prune === null) {
    if (state.pruneWanted && !isInUse(here)) await makePrunePlan(here);
    return;
  }
  const phase = prunePhase(prune, effects.now());
  switch (phase.kind) {
    case 'grace':
      return state.sets.moved ? trimPrune(prune, here) : undefined;
    case 'stale':
      if (!isInUse(here)) await makePrunePlan(here);
      return;
    case 'due':
      return isHeldUp(here) ? undefined : carryOut(prune, phase.staleAtMs, here);
  }
}

/** When it next has something to do by itself; null: not before something else has happened. */
export function pruneDueMs({ state, effects }: KeeperHere): number | null {
  if (state.prune === null) return null;
  const phase = prunePhase(state.prune, effects.now());
  switch (phase.kind) {
    case 'grace':
      return phase.dueAtMs;
    case 'due':
      return phase.staleAtMs;
    case 'stale':
      return null;
  }
}

/** What works with backups has more of them pinned than it will need: planned now, they would stay. And one deletion is enough. */
function isInUse({ state }: KeeperHere): boolean {
  const isWaiting = state.queue.some(({ work }) => work.kind === 'forget');
  return isWaiting || state.running.some(({ kind }) => kind === 'drill' || kind === 'restore' || kind === 'forget');
}

/** A restore may wait for people for days: what deletes would wait for it, and every backup after that. */
function isHeldUp({ state }: KeeperHere): boolean {
  return state.paused !== null || state.running.some(({ kind }) => kind === 'restore');
}

/** What is due now. Null: nobody can say, an alarm tells why. */
export async function makePrunePlan(here: KeeperHere): Promise<StandingPrune | null> {
  const { state, effects } = here;
  state.pruneWanted = false;
  const { plan, prune: standing } = state;
  const made = await retentionNow(here);
  if (plan === null || made === null) return null;
  const prune = { madeAtMs: effects.now(), graceMs: plan.graceMs, sets: made.expiring };
  if (prune.sets.length === 0) {
    dropPrune(here);
    return prune;
  }
  if (standing !== null && isStillGood(standing, prune)) return standing;
  state.prune = prune;
  noteExpiring(prune, made, here);
  return prune;
}

/** Planned again with the same result, its grace does not begin again. */
function isStillGood(standing: StandingPrune, { sets, madeAtMs }: StandingPrune): boolean {
  const isSame = standing.sets.length === sets.length && sets.every((set) => standing.sets.includes(set));
  return isSame && prunePhase(standing, madeAtMs).kind !== 'stale';
}

async function carryOut(prune: StandingPrune, untilMs: number, here: KeeperHere): Promise<void> {
  const { state, input } = here;
  await trimPrune(prune, here);
  const left = state.prune;
  if (left === null) return;
  state.prune = null;
  const { requester } = input.keeper;
  await want({ work: { kind: 'forget', sets: left.sets }, requester, asked: false, untilMs }, here);
}

/** What is held or used by now is not on the plan any more; what has become due since then is for the next one. */
async function trimPrune(prune: StandingPrune, here: KeeperHere): Promise<void> {
  const made = await retentionNow(here);
  if (made === null) return;
  const sets = prune.sets.filter((set) => made.expiring.includes(set));
  if (sets.length === prune.sets.length) return;
  if (sets.length === 0) return dropPrune(here);
  const trimmed = { ...prune, sets };
  here.state.prune = trimmed;
  noteExpiring(trimmed, made, here);
}

function dropPrune(here: KeeperHere): void {
  const { state, effects } = here;
  state.prune = null;
  if (state.expiring.length > 0)
    noteExpiring({ madeAtMs: effects.now(), graceMs: 0, sets: [] }, { explained: [] }, here);
}

async function retentionNow(here: KeeperHere): Promise<PrunePlan | null> {
  const { state, effects, input } = here;
  await effects.flush();
  const pinned = [...state.running, ...state.queue].flatMap(({ pins }) => pins);
  const made = await effects.lookUp('retentionPlan', { plan: input.plan, atMs: effects.now(), pinned });
  if ('problems' in made) {
    await raise('retention', made.problems.map(({ message }) => message).join('; '), here);
    return null;
  }
  lower('retention', here);
  return made;
}

function noteExpiring(prune: StandingPrune, { explained }: Pick<PrunePlan, 'explained'>, here: KeeperHere): void {
  const { madeAtMs, graceMs, sets } = prune;
  here.state.expiring = sets;
  const notBeforeMs = madeAtMs + graceMs;
  const phase = prunePhase({ madeAtMs, graceMs }, notBeforeMs);
  const notAfterMs = phase.kind === 'due' ? phase.staleAtMs : notBeforeMs;
  noteKept(here, 'backup.expiring', {
    plan: here.input.plan,
    sets,
    explained: asJson(explained),
    notBeforeMs,
    notAfterMs,
  });
}
