import type { Here } from '../../here';
import { whileWaiting } from '../../life';
import type { RolloutStop } from '../../state';
import { clearance, isKept, tell, whileTelling } from '../../steering';
import type { Told } from '../../steering';
import type { Wave } from '../../../domain/waves';
import { leaveOutRemoved } from './removed';
import type { Rollout } from './rollout';
import { gateDecides, whileAwaited } from './watch';

/** Before every group: a pause, a hold or the cutoff keeps it from starting (D8). R-ROLL-6: the gate is measured meanwhile. */
export async function atBoundary(rollout: Rollout, here: Here): Promise<RolloutStop | null> {
  await here.effects.checkpoint();
  const wait = (inner: Here): Promise<void> => clearance('group', rollout.path, inner);
  if (!isKept('group', here)) {
    await wait(here);
    return null;
  }
  const released = await whileAwaited(rollout, { wait, decides: gateDecides(rollout, here) }, here);
  return 'stop' in released ? released.stop : null;
}

/** D8: the parent of a steered run admits each wave; it may have done so before the run gets there. */
export async function awaitAdmission(rollout: Rollout, wave: Wave, here: Here): Promise<RolloutStop | null> {
  const { path, work } = rollout;
  const { input, state, cleanup } = here;
  if (input.steered !== true || input.check || cleanup || work.next > wave.start) return null;
  const isAdmitted = (): boolean => state.control.admitted[path]?.includes(wave.index) ?? false;
  const told = waveReady(rollout, wave);
  if (isAdmitted()) {
    await tell(told, here);
    await leaveOutRemoved(rollout, here);
    return null;
  }
  const waiting = { about: `wave:${path}`, reason: `wave ${wave.index} of "${path}" is to be admitted`, held: false };
  const wait = (inner: Here): Promise<void> =>
    whileWaiting(waiting, inner, () => whileTelling(told, isAdmitted, inner));
  const admitted = await whileAwaited(rollout, { wait, decides: gateDecides(rollout, here) }, here);
  if ('stop' in admitted) return admitted.stop;
  await leaveOutRemoved(rollout, here);
  return null;
}

function waveReady({ path, waves, work }: Rollout, wave: Wave): Told {
  const { index, start, end } = wave;
  const fact = { kind: 'waveReady' as const, path, wave: index, waves: waves.length, hosts: end - start };
  return { fact, id: `${path}/wave:${index}@${work.base}/ready` };
}
