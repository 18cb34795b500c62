import { groupOf, isGood, newestFirst, setsById } from '../domain/backup-set';
import { failedTests } from '../domain/backup-success';
import { isInterruption } from '../effects';
import { betweenHooks } from './backup-attempt';
import type { BackupWork, Taken } from './backup-attempt';
import { note, within } from './here';
import type { Here } from './here';
import { knownSets, listSets } from './looking';
import type { KnownSet } from './messages';
import type { Ended } from './operation';
import { clearTheWay } from './preflight';
import type { Versions } from './preflight';
import { replicate } from './replicating';
import { enter } from './stage';
import { checkSet } from './verifying';
import type { Checked } from './verifying';

/** Preflight → hooks around the backup → what was made is written down → V1 → R-BKP-11 → offsite. */
export async function backUp(work: BackupWork, here: Here): Promise<Ended> {
  const way = await clearTheWay(here);
  if (!way.clear) return { outcome: 'blocked', reason: way.reason, set: null, alarms: way.alarms };
  const { attempt, thawing } = await betweenHooks(work, here);
  const alarms = { ...way.alarms, ...(thawing === null ? {} : { quiesce: thawing }) };
  switch (attempt.kind) {
    case 'blocked':
      return { outcome: 'blocked', reason: attempt.reason, set: null, alarms: { quiesce: attempt.reason, ...alarms } };
    case 'failed':
      return { ...(await leftBehind(attempt.reason, work, here)), alarms };
    case 'called-off':
      return { ...(await leftBehind(here.state.calledOff ?? '', work, here)), outcome: 'cancelled', alarms };
    case 'taken': {
      const ended = await keep({ work, versions: way.versions, taken: attempt.taken }, here);
      return { ...ended, alarms: { ...alarms, ...ended.alarms } };
    }
  }
}

interface Made {
  readonly work: BackupWork;
  readonly versions: Versions;
  readonly taken: Taken;
}

/** From here on there is a set, and whatever is found out about it is written down. */
async function keep(made: Made, here: Here): Promise<Ended> {
  const { taken } = made;
  const earlier = await knownSets(here);
  if (taken.setId !== '') noteSet(made, earlier, here);
  enter(here, 'verifying');
  const checked = taken.setId === '' ? null : await checkTaken(taken, here);
  const tests = failedTests(
    {
      exitCode: taken.exitCode,
      setId: taken.setId,
      sizeBytes: taken.sizeBytes,
      verified: checked?.kind === 'intact',
      toolVersion: made.versions.tool,
      serverVersion: made.versions.server,
    },
    { earlierBytes: earlierBytes(earlier), tolerancePercent: here.input.plan.trendPercent },
  );
  const set = taken.setId === '' ? null : here.input.operation.id;
  const failed = tests.map(({ text }) => text);
  if (set === null) return { outcome: 'failed', reason: failed.join('; '), set };
  note(here, 'backup.success', { set, failed });
  if (checked?.kind === 'broken') note(here, 'backup.broken', { set, reason: checked.reason });
  const why = checked === null || checked.kind === 'intact' ? [] : [checked.reason];
  // V1 is what everything else counts a set by: one that failed a test does not get it without somebody who looks at it.
  const levels = taken.exitCode !== 0 ? [] : failed.length === 0 ? ['V0', 'V1'] : ['V0'];
  const readPercent = checked?.kind === 'intact' ? checked.readPercent : 0;
  if (levels.length > 0) note(here, 'backup.level', { set, levels, atMs: here.effects.now(), readPercent });
  const outcome = here.state.calledOff === null ? 'failed' : 'cancelled';
  if (failed.length > 0) return { outcome, reason: [...failed, ...why].join('; '), set };
  const copying = await replicate(taken, here);
  return {
    outcome: 'succeeded',
    reason: '',
    set,
    ...(copying === null ? {} : { alarms: { offsite: copying } }),
  };
}

/** The set is there: called off, it is one that nobody could look at. */
async function checkTaken({ setId }: Taken, here: Here): Promise<Checked> {
  const { readPercent } = here.input.plan;
  try {
    return await checkSet({ toolId: setId, level: 'V1', readPercent, seed: seedOf(here) }, here);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel')
      return { kind: 'unknown', reason: `called off: ${here.state.calledOff ?? ''}` };
    throw error;
  }
}

function seedOf({ effects }: Here): number {
  return Math.floor(effects.random() * 2 ** 31);
}

/** R-BKP-11: of the ones that can be counted on, oldest first; one that failed must not shift the trend. */
function earlierBytes(sets: readonly KnownSet[]): readonly number[] {
  const byId = setsById(sets);
  return newestFirst(sets)
    .filter((set) => isGood(set, byId))
    .map(({ sizeBytes }) => sizeBytes)
    .toReversed();
}

/** The set is what the source was when its manifest was taken; where nobody took one, when it was begun. */
function holdsAtMs({ manifest, startedAtMs }: Taken): number {
  const takenAtMs = manifest['takenAtMs'];
  return typeof takenAtMs === 'number' && takenAtMs > 0 ? takenAtMs : startedAtMs;
}

function noteSet({ work, versions, taken }: Made, earlier: readonly KnownSet[], here: Here): void {
  const { operation, plan } = here.input;
  const { id: set } = operation;
  const { setId: toolId, kind, endedAtMs, sizeBytes, storedBytes, digest, manifest } = taken;
  note(here, 'backup.set', {
    set,
    plan: plan.name,
    service: plan.service,
    group: groupOf(plan),
    toolId,
    kind,
    parent: parentOf(taken.parent, earlier),
    atMs: holdsAtMs(taken),
    endedAtMs,
    sizeBytes,
    storedBytes,
    digest,
    versions,
    repository: plan.repositories.primary.location,
    late: work.late,
  });
  note(here, 'backup.manifest', { set, manifest });
}

/** One that nobody knows keeps the tool's name: what is needed and not known makes a set that is not counted on. */
function parentOf(toolId: string, earlier: readonly KnownSet[]): string {
  if (toolId === '') return '';
  return newestFirst(earlier).find(({ setId }) => setId === toolId)?.id ?? toolId;
}

/** A backup that did not come to its end may still be in the repository: then it is known as one that did not succeed. */
async function leftBehind(reason: string, work: BackupWork, here: Here): Promise<Ended> {
  const { id } = here.input.operation;
  return here.effects.shield(async (inner): Promise<Ended> => {
    const there = within(here, inner);
    const listing = await listSets(there);
    if (!listing.ok) return { outcome: 'failed', reason: `${reason}; ${listing.reason}`, set: null };
    const found = listing.sets.find(({ label }) => label === id);
    if (found === undefined) return { outcome: 'failed', reason, set: null };
    const { setId, kind, parent, atMs, sizeBytes } = found;
    const taken = { exitCode: -1, setId, kind, parent, sizeBytes, storedBytes: 0, digest: '', manifest: {} };
    const versions = { tool: '', server: '' };
    const made = { work, versions, taken: { ...taken, startedAtMs: atMs, endedAtMs: atMs } };
    noteSet(made, await knownSets(there), there);
    note(there, 'backup.success', { set: id, failed: [reason] });
    return { outcome: 'failed', reason, set: id };
  });
}
