import { joinPath, segment } from '../../../domain/effect-path';
import type { Failure } from '../../../domain/failure';
import type { Roster } from '../../../domain/roster';
import type { Wave } from '../../../domain/waves';
import type { Here } from '../../here';
import { countsOf } from '../../journal';
import { tell } from '../../steering';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { noteTolerated } from '../../tolerated';
import { namesOf } from '../../unknown';
import { leftOut } from './removed';
import { harmed, indexOf } from './rollout';
import type { Rollout } from './rollout';

export async function endOf(rollout: Rollout, error: Failure | null, here: Here): Promise<StepEnd> {
  const { work, step, path } = rollout;
  const names = await failedNames(rollout, here);
  const fields = { counts: { ...countsOf(work.statuses) }, failedHosts: names, exceptions: names };
  const roster = rosterFor(rollout);
  if (error !== null) return { ...failedEnd(error, fields), statuses: work.statuses, roster };
  if (here.input.check && harmed(work) > 0)
    return { ...failedEnd(spent(rollout), fields), statuses: work.statuses, roster };
  const exceptions = [
    ...names.map((name) => `${step.id}: ${name}`),
    ...(work.removed ?? []).map((name) => `${step.id}: ${name} (removed: it is not in the inventory any more)`),
  ];
  if (exceptions.length > 0) noteTolerated(path, exceptions, here.state);
  return { ...ended, changed: true, fields, statuses: work.statuses, roster };
}

/** Null is what expressions see of a failure that nobody looked into. */
function rosterFor({ work, step, path, body }: Rollout): Roster {
  const failed = Object.entries(work.left).filter(([position]) =>
    'fbu'.includes(work.statuses[Number(position)] ?? '.'),
  );
  const errors = failed
    .slice(0, namesKept)
    .map(([position, { code, message }]) => [position, { code, message }] as const);
  const steps = Object.fromEntries(body.leaves.map((leaf) => [leaf.step.id, joinPath(path, leaf.inner)]));
  return { set: step.set, targets: work.targets, statuses: work.statuses, steps, errors: Object.fromEntries(errors) };
}

/** Enough for people; whoever needs all reads the rows. */
const namesKept = 100;

export async function failedNames({ work, step }: Rollout, here: Here): Promise<readonly string[]> {
  const failed = work.statuses
    .split('')
    .flatMap((code, position) => (code === 'f' || code === 'b' || code === 'u' ? [position] : []));
  return namesOf(
    step.set,
    failed.slice(0, namesKept).map((position) => indexOf(work.targets, position)),
    here,
  );
}

export async function recordWaveStarted(rollout: Rollout, wave: Wave, here: Here): Promise<void> {
  const { work, step, path } = rollout;
  const size = wave.end - wave.start;
  const indices = Array.from({ length: Math.min(size, namesKept) }, (_, offset) =>
    indexOf(work.targets, wave.start + offset),
  );
  const hosts = await namesOf(step.set, indices, here);
  const domain = wave.domain === undefined ? {} : { domain: wave.domain };
  const key = `${joinPath(path, segment('wave', wave.index))}@${work.base}/do/wave.started`;
  here.effects.record({ key, kind: 'wave.started', payload: { path, wave: wave.index, size, hosts, ...domain } });
}

export async function waveEnded({ work, path }: Rollout, { index: wave, start, end }: Wave, here: Here): Promise<void> {
  const failed = work.statuses
    .slice(start, end)
    .split('')
    .filter((code) => code !== 's' && code !== leftOut).length;
  // It ends once more when hosts that were tolerated are tried again.
  const at = `${joinPath(path, segment('wave', wave))}@${work.base + work.tries - 1}`;
  here.effects.record({ key: `${at}/do/wave.ended`, kind: 'wave.ended', payload: { path, wave, failed } });
  const ok = work.statuses.slice(start, end).split('s').length - 1;
  await tell({ fact: { kind: 'waveDone', path, wave, ok, failed }, id: `${at}/done` }, here);
}

export function spent({ work, budget, step }: Rollout): Failure {
  const first = Object.values(work.left)[0];
  const why = first === undefined ? '' : `; ${first.code}: ${first.message}`;
  const message = `Cannot go on with "${step.id}": ${harmed(work)} of ${work.total} hosts failed, tolerated are ${budget.limit}${why}`;
  return { code: 'ROLLOUT_FAILED', message };
}
