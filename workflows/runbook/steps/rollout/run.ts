import { joinPath, segment } from '../../../domain/effect-path';
import { isExceeded } from '../../../domain/budget';
import type { Failure } from '../../../domain/failure';
import type { GateVerdict } from '../../../domain/journal';
import type { Wave } from '../../../domain/waves';
import { ask, engineQuestion } from '../../ask';
import { positionsOf, raise, replaceAt } from '../../batch';
import { within } from '../../here';
import type { Here, Opened } from '../../here';
import { countsOf, recordLife } from '../../journal';
import type { RolloutStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import type { RolloutStop, RolloutWork } from '../../state';
import { undoEntry } from '../../undo';
import { rolloutEntry } from '../../undo-stack';
import { namesOf } from '../../unknown';
import { targetsOf } from '../task/run';
import { bodyOf } from './body';
import { newGate, runGate } from './gate';
import { enqueue, enqueueFailed, nextGroup, runQueued, settleUnknownHosts } from './group';
import { harmed, indexOf, newRolloutWork, raiseIn, rolloutOf } from './rollout';
import type { Rollout } from './rollout';

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
    work.over = (await afterStop(rollout, work.stop, here)) === 'over';
    if (!work.over) work.stop = null;
  }
  return endOf(rollout, work.stop?.error ?? null, here);
}

async function workOf(step: RolloutStep, { frame }: Opened, here: Here): Promise<RolloutWork | StepEnd> {
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
    const stop = await runWave(rollout, wave, within(here, { names }));
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
  if (stop === null) recordWaveEnded(rollout, wave, here);
  return stop;
}

/** R-ROLL-2: hosts in flight finish; no further group starts once the budget is spent. */
async function runGroups(rollout: Rollout, wave: Wave, here: Here): Promise<RolloutStop | null> {
  const { work, budget } = rollout;
  if (work.next === wave.start) await recordWaveStarted(rollout, wave, here);
  for (;;) {
    if (work.walk !== null || work.queue.length > 0) await runQueued(rollout, here);
    if (await isBackedOut(here))
      return {
        reason: 'backOut',
        error: { code: 'BACKED_OUT', message: 'Cannot finish the rollout: it was asked to back out' },
      };
    if (isExceeded(budget, harmed(work)) && work.statuses.includes('u')) await settleUnknownHosts(rollout, here);
    else if (isExceeded(budget, harmed(work))) return { reason: 'budget', error: spent(rollout) };
    else if (work.next < wave.end) nextGroup(rollout, wave, here);
    else if (positionsOf(work.statuses, 'u').length > 0) await settleUnknownHosts(rollout, here);
    else return null;
  }
}

/** Group and wave boundaries are where a pause, a hold and a back-out are honoured (D8). */
async function isBackedOut(here: Here): Promise<boolean> {
  await here.effects.checkpoint();
  const { control } = here.state;
  if (here.cleanup) return false;
  if (control.paused || control.held) {
    recordLife(here, 'paused', control.held ? 'held' : 'asked to pause');
    await here.effects.flush();
    await here.effects.waitFor(() => (!control.paused && !control.held) || control.backOut);
    recordLife(here, 'running', 'asked to go on');
  }
  return control.backOut;
}

function spent({ work, budget, step }: Rollout): Failure {
  const first = Object.values(work.left)[0];
  const why = first === undefined ? '' : `; ${first.code}: ${first.message}`;
  const message = `Cannot go on with "${step.id}": ${harmed(work)} of ${work.total} hosts failed, tolerated are ${budget.limit}${why}`;
  return { code: 'ROLLOUT_FAILED', message };
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
  work.gate = null;
  if (verdict === 'successful') return null;
  const text = `Cannot pass the gate of "${step.id}" ${wave === 0 ? 'before the first wave' : `after wave ${wave}`}: ${verdict}${message === '' ? '' : `; ${message}`}`;
  return { reason: reasonOf(verdict), error: { code: 'GATE_NOT_PASSED', message: text } };
}

/** R-ROLL-3: what failed goes by the policy; what could not be judged is for people, and never promotes. */
function reasonOf(verdict: GateVerdict): RolloutStop['reason'] {
  return verdict === 'failed' || verdict === 'no-data' ? 'gate-failed' : 'gate-undecided';
}

// ---- what stops it -----------------------------------------------------------------------------------------------------

async function afterStop(rollout: Rollout, stop: RolloutStop, here: Here): Promise<'over' | 'on'> {
  if (here.input.check || stop.reason === 'refused') return 'over';
  const policy = rollout.work.undoing ? 'undo' : policyOf(rollout, stop, here);
  if (policy === 'undo') return undo(rollout, here);
  if (policy === 'stop') return 'over';
  const options = ['retry', 'undo', 'stop', ...(stop.reason === 'gate-undecided' ? ['continue'] : [])];
  const names = await failedNames(rollout, here);
  const question = engineQuestion(
    { kind: 'pause', path: rollout.path, title: stop.error.message, options, hosts: [], show: { failed: names } },
    here,
  );
  const { choice } = await ask(question, here);
  switch (choice) {
    case 'retry':
      here.state.control.backOut = false;
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

/** R-ROLL-9: after a point of no return nothing is undone without being asked. */
function policyOf({ step }: Rollout, { reason }: RolloutStop, { state }: Here): RolloutStep['onRolloutFailure'] {
  if (reason === 'backOut') return state.noReturn ? 'pause' : 'undo';
  if (reason === 'gate-undecided') return 'pause';
  return step.onRolloutFailure === 'undo' && state.noReturn ? 'pause' : step.onRolloutFailure;
}

/** Only the hosts that failed, from where each of them failed; then the waves go on. */
async function tryAgain(rollout: Rollout, here: Here): Promise<void> {
  const { work } = rollout;
  const isNamed = await namedHosts(rollout, here);
  work.stop = null;
  work.over = false;
  setAside(rollout, here);
  const failed = [...positionsOf(work.statuses, 'f'), ...positionsOf(work.statuses, 'b')].filter(isNamed);
  if (failed.length > 0) work.stage = 'groups';
  enqueueFailed(rollout, failed, here);
}

/** `resume --host`: the other failed hosts stay as they are. */
async function namedHosts({ work, step }: Rollout, here: Here): Promise<(position: number) => boolean> {
  const { onlyHosts } = here.state;
  if (onlyHosts === null) return () => true;
  const { planDigest } = here.input;
  const named = new Set(
    (await here.effects.lookUp('hostIndices', { planDigest, set: step.set, names: onlyHosts })).indices,
  );
  return (position) => named.has(indexOf(work.targets, position));
}

/** A group that a cancel cut short: who was hit starts from that step, the others from the same one, under a new generation. */
function setAside(rollout: Rollout, here: Here): void {
  const { work } = rollout;
  const { walk } = work;
  if (walk === null) return;
  work.walk = null;
  const hit = walk.hosts.filter((position) => walk.origin[position] !== undefined);
  const unknown = walk.hosts.filter((position) => walk.unknown[position] !== undefined);
  for (const position of walk.hosts) {
    const at = walk.unknown[position] ??
      walk.origin[position] ?? { order: walk.cursor, code: 'CANCELLED', message: '' };
    work.left[position] = {
      ...at,
      out: (walk.out[position] ?? []).filter((order) => order < at.order),
      group: walk.group,
    };
  }
  work.statuses = replaceAt(work.statuses, hit, 'f');
  work.statuses = replaceAt(work.statuses, unknown, 'u');
  const rest = walk.hosts.filter((position) => !hit.includes(position) && !unknown.includes(position));
  enqueue(rollout, { hosts: rest, cursor: walk.cursor }, here);
}

async function undo(rollout: Rollout, here: Here): Promise<'over'> {
  const { work, entry } = rollout;
  work.undoing = true;
  if (entry !== null) {
    const touched = [...touchedHosts(rollout)];
    const result = await here.effects.shield((effects) => undoEntry(entry, { ...here, effects, path: here.path }));
    if (result === 'done') {
      work.statuses = replaceAt(work.statuses, touched, 'b');
      here.state.backedOut = true;
    }
  }
  work.undoing = false;
  work.backedOut = true;
  return 'over';
}

function touchedHosts({ entry, work }: Rollout): readonly number[] {
  const flags = Object.values(entry?.touched ?? {});
  return Array.from({ length: work.total }, (_, position) => position).filter((position) =>
    flags.some((flag) => flag[position] === '1'),
  );
}

// ---- what is told ------------------------------------------------------------------------------------------------------

async function endOf(rollout: Rollout, error: Failure | null, here: Here): Promise<StepEnd> {
  const { work, step } = rollout;
  const names = await failedNames(rollout, here);
  const fields = { counts: { ...countsOf(work.statuses) }, failedHosts: names, exceptions: names };
  if (error !== null) return { ...failedEnd(error, fields), statuses: work.statuses };
  if (here.input.check && harmed(work) > 0) return { ...failedEnd(spent(rollout), fields), statuses: work.statuses };
  if (harmed(work) > 0) {
    here.state.degraded = true;
    here.state.exceptions = [...here.state.exceptions, ...names.map((name) => `${step.id}: ${name}`)];
  }
  return { ...ended, changed: true, fields, statuses: work.statuses };
}

/** Enough for people; whoever needs all reads the rows. */
const namesKept = 100;

async function failedNames({ work, step }: Rollout, here: Here): Promise<readonly string[]> {
  const failed = work.statuses
    .split('')
    .flatMap((code, position) => (code === 'f' || code === 'b' || code === 'u' ? [position] : []));
  return namesOf(
    step.set,
    failed.slice(0, namesKept).map((position) => indexOf(work.targets, position)),
    here,
  );
}

async function recordWaveStarted(rollout: Rollout, wave: Wave, here: Here): Promise<void> {
  const { work, step, path } = rollout;
  const size = wave.end - wave.start;
  const indices = Array.from({ length: Math.min(size, namesKept) }, (_, offset) =>
    indexOf(work.targets, wave.start + offset),
  );
  const hosts = await namesOf(step.set, indices, here);
  const key = `${joinPath(path, segment('wave', wave.index))}@${work.base}/do/wave.started`;
  here.effects.record({ key, kind: 'wave.started', payload: { path, wave: wave.index, size, hosts } });
}

function recordWaveEnded({ work, path }: Rollout, wave: Wave, here: Here): void {
  const failed = work.statuses
    .slice(wave.start, wave.end)
    .split('')
    .filter((code) => code !== 's').length;
  const key = `${joinPath(path, segment('wave', wave.index))}@${work.base}/do/wave.ended`;
  here.effects.record({ key, kind: 'wave.ended', payload: { path, wave: wave.index, failed } });
}
