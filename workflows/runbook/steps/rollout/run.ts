import { joinPath, segment } from '../../../domain/effect-path';
import { isExceeded } from '../../../domain/budget';
import type { GateVerdict } from '../../../domain/journal';
import type { Wave } from '../../../domain/waves';
import { ask, engineQuestion, withdrawBelow } from '../../ask';
import type { Decision } from '../../ask';
import { raise, replaceAt } from '../../batch';
import { tell } from '../../steering';
import type { Told } from '../../steering';
import { within } from '../../here';
import type { Here, Opened } from '../../here';
import type { RolloutStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import type { RolloutStop, RolloutWork } from '../../state';
import { undoEntry } from '../../undo';
import { forgetTolerated } from '../../tolerated';
import { hasChanged, rolloutEntry } from '../../undo-stack';
import { targetsOf } from '../task/run';
import { noteWalk, tryAgain } from './again';
import { bodyOf } from './body';
import { atBoundary, awaitAdmission } from './boundary';
import { endOf, failedNames, recordWaveStarted, spent, waveEnded } from './ending';
import { newGate, noteVerdicts, runGate } from './gate';
import { nextGroup, runQueued, settleUnknownHosts } from './group';
import { policyOf } from './policy';
import { harmed, newRolloutWork, raiseIn, rolloutOf } from './rollout';
import type { Rollout } from './rollout';
import { unseatWalk } from './seating';
import { gateDecides, whileAwaited } from './watch';
import type { Awaited } from './watch';

/** Waves, each in groups, each baked and judged by the gate; whatever stops it goes by its policy. D8: the one owner of waves. */
export async function runRollout(step: RolloutStep, opened: Opened, here: Here): Promise<StepEnd> {
  const work = await workOf(step, opened, here);
  if ('status' in work) return work;
  const rollout = open(step, opened, { work, here });
  if (opened.frame.attempts > work.tries) await tryAgain(rollout, here);
  work.tries = opened.frame.attempts;
  while (!work.over) {
    work.stop ??= await advance(rollout, here);
    if (work.stop === null) return endOf(rollout, null, here);
    const next = await afterStop(rollout, work.stop, here);
    work.over = next === 'over';
    if (!work.over) work.stop = next === 'on' || next === 'over' ? null : next;
  }
  return endOf(rollout, work.stop?.error ?? null, here);
}

async function workOf(step: RolloutStep, { frame, path }: Opened, here: Here): Promise<RolloutWork | StepEnd> {
  const known = frame.work?.kind === 'rollout' ? frame.work : null;
  if (known !== null && !(known.backedOut && frame.attempts > known.tries)) return known;
  const targets = await targetsOf(step, step, here);
  if (!targets.ok) return here.input.check ? ended : failedEnd(targets.failure);
  const count = targets.hosts.length;
  const isWhole = count === (here.input.targetCounts[step.set] ?? 0);
  const base = known === null ? frame.generation : Math.max(frame.generation, raise(here.state, known.last));
  const work = newRolloutWork(isWhole ? null : targets.hosts, count, base);
  work.tries = frame.attempts;
  frame.work = work;
  // It begins anew: so does what the parent has to admit.
  if (known !== null) delete here.state.control.admitted[path];
  forgetTolerated(here.state, (each) => each.startsWith(`${path}/`));
  return work;
}

function open(step: RolloutStep, { path }: Opened, { work, here }: { work: RolloutWork; here: Here }): Rollout {
  const hasUndo = bodyOf(step.steps).undoable.length > 0 && !here.cleanup && !here.input.check;
  const entry = hasUndo ? rolloutEntry({ at: step.at, path, hosts: work.targets, generation: work.base }, here) : null;
  return rolloutOf(step, path, { work, entry });
}

/** Null: every wave is through. */
async function advance(rollout: Rollout, here: Here): Promise<RolloutStop | null> {
  const { work, waves } = rollout;
  if (work.stage === 'before') {
    const stop = await judge(rollout, 0, here);
    if (stop !== null) return { ...stop, reason: 'refused' };
    work.stage = 'groups';
  }
  for (let wave = waves[work.wave - 1]; wave !== undefined; wave = waves[work.wave - 1]) {
    const names = { ...here.names, wave: { index: wave.index, size: wave.end - wave.start } };
    const inside = within(here, { names });
    const stop = (await awaitAdmission(rollout, wave, inside)) ?? (await runWave(rollout, wave, inside));
    if (stop !== null) return stop;
    work.wave += 1;
    work.stage = 'groups';
  }
  return null;
}

async function runWave(rollout: Rollout, wave: Wave, here: Here): Promise<RolloutStop | null> {
  const { work, step } = rollout;
  if (work.stage === 'groups') {
    const stop = await runGroups(rollout, wave, here);
    if (stop !== null) return stop;
    work.bakeUntil = here.effects.now() + step.bakeMs;
    work.stage = 'bake';
  }
  if (work.stage === 'bake') {
    if (step.bakeMs > 0 && !here.input.check) await here.effects.waitFor(() => false, work.bakeUntil ?? 0);
    work.stage = 'gate';
  }
  const stop = await judge(rollout, wave.index, here);
  if (stop === null) await waveEnded(rollout, wave, here);
  return stop;
}

/** R-ROLL-2: hosts in flight finish; no further group starts once the budget is spent. */
async function runGroups(rollout: Rollout, wave: Wave, here: Here): Promise<RolloutStop | null> {
  const { work, budget } = rollout;
  if (work.next === wave.start) await recordWaveStarted(rollout, wave, here);
  for (;;) {
    const ran = await runQueued(rollout, here);
    // Where no group is left there is nothing to be kept from starting: bake and gate only look.
    const isMore = work.next < wave.end || work.statuses.includes('u');
    const stop = ran ?? (isMore ? await atBoundary(rollout, here) : null);
    if (stop !== null) return stop;
    const isSpent = isExceeded(budget, harmed(work));
    if (isSpent && !work.statuses.includes('u')) return { reason: 'budget', error: spent(rollout) };
    if (!isSpent && work.next < wave.end) {
      const full = await nextGroup(rollout, wave, here);
      if (full === null) continue;
      if (!work.statuses.includes('u')) return full;
    }
    if (work.statuses.includes('u')) {
      const found = await settleUnknownHosts(rollout, here);
      if (found !== null) return found;
    } else return null;
  }
}

async function judge(rollout: Rollout, wave: number, here: Here): Promise<RolloutStop | null> {
  const { step, work, path } = rollout;
  if (step.gate.length === 0 || here.input.check) return null;
  work.gate ??= newGate(raiseIn(work, here.state));
  const { verdict, message } = await runGate(
    step.gate,
    { path: joinPath(path, segment('wave', wave)), wave, progress: work.gate },
    here,
  );
  noteVerdicts(work, work.gate);
  await tell(gateJudged(rollout, { wave, verdict, generation: work.gate.generation }), here);
  work.gate = null;
  if (verdict === 'successful') return null;
  const text = `Cannot pass the gate of "${step.id}" ${wave === 0 ? 'before the first wave' : `after wave ${wave}`}: ${verdict}${message === '' ? '' : `; ${message}`}`;
  return { reason: reasonOf(verdict), error: { code: 'GATE_NOT_PASSED', message: text } };
}

function gateJudged(
  { path }: Rollout,
  judged: { readonly wave: number; readonly verdict: GateVerdict; readonly generation: number },
): Told {
  const { wave, verdict, generation } = judged;
  return { fact: { kind: 'gateVerdict', path, wave, verdict }, id: `${path}/wave:${wave}@${generation}/verdict` };
}

/** R-ROLL-3: what failed goes by the policy; what could not be judged is for people, and never promotes. */
function reasonOf(verdict: GateVerdict): RolloutStop['reason'] {
  return verdict === 'failed' || verdict === 'no-data' ? 'gate-failed' : 'gate-undecided';
}

// ---- what stops it -----------------------------------------------------------------------------------------------------

async function afterStop(rollout: Rollout, stop: RolloutStop, here: Here): Promise<'over' | 'on' | RolloutStop> {
  if (here.input.check || stop.reason === 'refused' || stop.reason === 'undo-failed') return 'over';
  const policy = rollout.work.undoing ? 'undo' : policyOf(rollout, stop.reason, here);
  if (policy === 'undo') return undo(rollout, here);
  if (policy === 'stop') return 'over';
  const decided = await askHowToGoOn(rollout, stop, here);
  return 'stop' in decided ? decided.stop : carryOn(rollout, decided.answer.choice, here);
}

/** What could not be judged and then fails is another question: nobody should let it through as undecided. */
async function askHowToGoOn(rollout: Rollout, stop: RolloutStop, here: Here): Promise<Awaited<Decision>> {
  const options = ['retry', 'undo', 'stop', ...(stop.reason === 'gate-undecided' ? ['continue'] : [])];
  const names = await failedNames(rollout, here);
  const question = engineQuestion(
    { kind: 'pause', path: rollout.path, title: stop.error.message, options, hosts: [], show: { failed: names } },
    here,
  );
  const decides = stop.reason === 'gate-undecided' || gateDecides(rollout, here);
  return whileAwaited(rollout, { wait: (inner) => ask(question, inner), decides }, here);
}

async function carryOn(rollout: Rollout, choice: string, here: Here): Promise<'over' | 'on'> {
  switch (choice) {
    case 'retry':
      await tryAgain(rollout, here);
      return 'on';
    case 'continue':
      rollout.work.wave += 1;
      rollout.work.stage = 'groups';
      return 'on';
    case 'undo':
      return undo(rollout, here);
    default:
      return 'over';
  }
}

async function undo(rollout: Rollout, here: Here): Promise<'over'> {
  const { work, entry } = rollout;
  // Entered again, what is asked about the undo itself stays asked.
  if (!work.undoing) {
    if (work.walk !== null) await unseatWalk(rollout, work.walk, here);
    endWalks(rollout, here);
  }
  work.undoing = true;
  if (entry !== null) {
    const touched = [...touchedHosts(rollout)];
    const result = await here.effects.shield((effects) => undoEntry(entry, { ...here, effects, path: here.path }));
    if (result === 'done' && hasChanged(entry)) {
      work.statuses = replaceAt(work.statuses, touched, 'b');
      here.state.backedOut = true;
    }
  }
  work.undoing = false;
  work.backedOut = true;
  return 'over';
}

/** Nobody goes on from the middle of the body, and nobody needs to say how a host stands that is taken back. */
function endWalks(rollout: Rollout, here: Here): void {
  const { work } = rollout;
  if (work.walk !== null) work.statuses = noteWalk(work, work.walk);
  work.walk = null;
  work.queue = [];
  work.statuses = work.statuses.replaceAll('r', 'n');
  withdrawBelow(rollout.path, here);
}

function touchedHosts({ entry, work }: Rollout): readonly number[] {
  const flags = Object.values(entry?.touched ?? {});
  return Array.from({ length: work.total }, (_, position) => position).filter((position) =>
    flags.some((flag) => flag[position] === '1'),
  );
}
