import { recheckPrune } from '../domain/retention-grace';
import { retentionText } from '../domain/retention-text';
import { note, within } from './here';
import type { Here } from './here';
import { knownSets, listSets, newestGood } from './looking';
import type { KnownSet, OperationWork } from './messages';
import type { Ended } from './operation';
import { providerRole } from './provider';
import { askRole } from './role-outputs';
import { enter } from './stage';
import { checkSet } from './verifying';

type ForgetWork = Extract<OperationWork, { kind: 'forget' }>;

/** R-BKP-10: what may still go is looked at once more, goes, and then the repository is looked at. */
export async function forgetSets({ sets: planned }: ForgetWork, here: Here): Promise<Ended> {
  const sets = await knownSets(here);
  const { goes, stays } = recheckPrune(
    planned,
    { sets, minimumRedundancy: here.input.plan.minimumRedundancy },
    here.effects.now(),
  );
  const kept = stays.map(({ id, reasons }) => `${id} ${retentionText({ id, keep: true, reasons })}`);
  if (kept.length > 0) enter(here, 'rechecked', kept.join('; '));
  const doomed = goes.flatMap((id) => sets.find((set) => set.id === id) ?? []);
  if (doomed.length === 0)
    return { outcome: 'succeeded', reason: ['nothing may go any more', ...kept].join('; '), set: null };
  enter(here, 'forgetting', doomed.map(({ id }) => id).join(', '));
  // What was begun is deleted in part: nobody who calls it off may keep that from the journal.
  const ended = await here.effects.shield((inner) => forget({ doomed, sets }, within(here, inner)));
  return kept.length === 0 ? ended : { ...ended, reason: [ended.reason, ...kept].join('; ') };
}

interface Doomed {
  readonly doomed: readonly KnownSet[];
  /** All that are known. */
  readonly sets: readonly KnownSet[];
}

async function forget({ doomed, sets }: Doomed, here: Here): Promise<Ended> {
  const deleted = await deleteSets(doomed, here);
  const gone = doomed.filter(({ setId }) => deleted.toolIds.includes(setId));
  const left = sets.filter((set) => set.owned && !gone.includes(set));
  const damage = await damageOf(left, here);
  const isIntact = deleted.intact && damage === null;
  const ids = gone.map(({ id }) => id);
  if (ids.length > 0) note(here, 'backup.pruned', { sets: ids, freedBytes: deleted.freedBytes, intact: isIntact });
  const problems = [
    ...(deleted.problem === null ? [] : [deleted.problem]),
    ...(deleted.intact || deleted.problem !== null ? [] : ['the repository is not intact after the deletion']),
    ...(damage === null ? [] : [damage]),
  ];
  if (!isIntact)
    return { outcome: 'failed', reason: problems.join('; '), set: null, alarms: { repository: problems.join('; ') } };
  if (ids.length < doomed.length)
    return {
      outcome: 'failed',
      reason: `${doomed.length - ids.length} of ${doomed.length} are still there`,
      set: null,
    };
  return { outcome: 'succeeded', reason: `deleted ${ids.join(', ')}`, set: null, alarms: {} };
}

interface Deleted {
  readonly toolIds: readonly string[];
  readonly freedBytes: number;
  readonly intact: boolean;
  /** Null: it was carried out. */
  readonly problem: string | null;
}

async function deleteSets(doomed: readonly KnownSet[], here: Here): Promise<Deleted> {
  const toolIds = doomed.map(({ setId }) => setId);
  const answer = await askRole(
    { runbook: providerRole(here, 'forget'), inputs: { sets: toolIds } },
    { forgotten: 'list', freedBytes: 'number', intact: 'flag' },
    here,
  );
  if (answer.ok) {
    const { forgotten, freedBytes, intact } = answer.told;
    return { toolIds: forgotten.filter((id) => typeof id === 'string'), freedBytes, intact, problem: null };
  }
  return { ...(await deletedBeforeItFailed(toolIds, here)), freedBytes: 0, problem: answer.reason };
}

/** What is deleted is not there to be restored, whatever became of the run that did it. */
async function deletedBeforeItFailed(
  toolIds: readonly string[],
  here: Here,
): Promise<Pick<Deleted, 'toolIds' | 'intact'>> {
  const listing = await listSets(here);
  // Of a list that was cut, what is not on it may be there all the same.
  if (!listing.ok || listing.cut) return { toolIds: [], intact: false };
  const there = new Set(listing.sets.map(({ setId }) => setId));
  return { toolIds: toolIds.filter((id) => !there.has(id)), intact: false };
}

/** Null: the newest that is left is intact, as far as the plan has it read. */
async function damageOf(left: readonly KnownSet[], here: Here): Promise<string | null> {
  const { effects, input } = here;
  const newest = newestGood(left, effects.now());
  if (newest === null) return null;
  enter(here, 'verifying', newest.id);
  const seed = Math.floor(effects.random() * 2 ** 31);
  const { readPercent } = input.plan;
  const checked = await checkSet({ toolId: newest.setId, level: 'V1', readPercent, seed }, here);
  switch (checked.kind) {
    case 'intact':
      note(here, 'backup.level', {
        set: newest.id,
        levels: ['V1'],
        atMs: effects.now(),
        readPercent: checked.readPercent,
      });
      return null;
    case 'broken':
      note(here, 'backup.broken', { set: newest.id, reason: checked.reason });
      return checked.reason;
    case 'unknown':
      return `nobody could look at the repository: ${checked.reason}`;
  }
}
