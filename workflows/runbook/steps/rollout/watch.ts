import { joinPath, segment } from '../../../domain/effect-path';
import type { Failure } from '../../../domain/failure';
import type { GateVerdict } from '../../../domain/journal';
import { within } from '../../here';
import type { Here } from '../../here';
import { race } from '../../race';
import type { RolloutStop, WatchProgress } from '../../state';
import { newGate, noteVerdicts, runGate } from './gate';
import type { GateResult } from './gate';
import { policyOf } from './policy';
import { raiseIn } from './rollout';
import type { Rollout } from './rollout';

/** People answered, or the gate has failed before they did. */
export type Awaited<T> = { readonly answer: T } | { readonly stop: RolloutStop };

/** What people are awaited for, and whether a failed gate may take it out of their hands. */
export interface Awaiting<T> {
  readonly wait: (here: Here) => Promise<T>;
  readonly decides: boolean;
}

/** R-ROLL-6: while people are awaited the gate goes on being measured, and what fails then goes by the policy without them. */
export async function whileAwaited<T>(rollout: Rollout, awaiting: Awaiting<T>, here: Here): Promise<Awaited<T>> {
  const { wait, decides } = awaiting;
  const wanted = async (inner: Here): Promise<Awaited<T>> => ({ answer: await wait(inner) });
  if (!isWatched(rollout, here)) return wanted(here);
  const awaited = await race<Awaited<T>>(
    here.effects,
    [(effects) => wanted(within(here, { effects }))],
    [async (effects) => ({ stop: await watch(rollout, decides, within(here, { effects })) })],
  );
  rollout.work.watch = null;
  return awaited;
}

export function isWatched({ step }: Rollout, here: Here): boolean {
  return step.gate.length > 0 && !here.input.check;
}

/** A gate that fails now goes by the policy of the rollout; where that is to ask, people are being asked already. */
export function gateDecides(rollout: Rollout, here: Here): boolean {
  return policyOf(rollout, 'gate-failed', here) !== 'pause';
}

/** Between two rounds: nobody wants thousands of samples a day because the one who is asked sleeps. */
const restMs = 60_000;

async function watch(rollout: Rollout, decides: boolean, here: Here): Promise<RolloutStop> {
  const { work, step, path } = rollout;
  for (;;) {
    const progress = (work.watch ??= newWatch(rollout, here));
    if (progress.startAt > here.effects.now()) await here.effects.waitFor(() => false, progress.startAt);
    const round = {
      path: joinPath(path, segment('wave', work.wave)),
      wave: work.wave,
      progress: progress.gate,
      isNews: (metric: string, verdict: GateVerdict) => (work.verdicts[metric] ?? 'successful') !== verdict,
    };
    const result = await runGate(step.gate, round, here);
    noteVerdicts(work, progress.gate);
    work.watch = null;
    if (decides && isFailed(result.verdict)) return { reason: 'gate-failed', error: whileAsked(step.id, result) };
  }
}

function newWatch({ work }: Rollout, here: Here): WatchProgress {
  return { gate: newGate(raiseIn(work, here.state)), startAt: here.effects.now() + restMs };
}

function isFailed(verdict: GateVerdict): boolean {
  return verdict === 'failed' || verdict === 'no-data';
}

function whileAsked(id: string, { verdict, message }: GateResult): Failure {
  const why = message === '' ? '' : `; ${message}`;
  return {
    code: 'GATE_NOT_PASSED',
    message: `Cannot pass the gate of "${id}" while people are asked: ${verdict}${why}`,
  };
}
