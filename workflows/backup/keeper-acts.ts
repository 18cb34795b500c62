import { elapsedText } from '../domain/elapsed-text';
import { newestFirst } from '../domain/backup-set';
import type { Refusal } from '../domain/quorum';
import { asJson } from './here';
import { accept, refuse } from './keeper-answers';
import { cancelQueued, refusalOfCancel } from './keeper-cancel';
import { hold, isGoing, release } from './keeper-holds';
import { as, noteKept } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import { want } from './keeper-operations';
import { makePrunePlan } from './keeper-prune';
import { keeperSets } from './keeper-sets';
import { seedOf } from './keeper-slots';
import { pause, resume } from './keeper-pause';
import type { KeeperState } from './keeper-state';
import type { BackupAct, BackupReply, DrillSelect, KnownSet, OperationWork, PlanInForce } from './messages';

type ActOf<A extends BackupAct['action']> = Extract<BackupAct, { action: A }>;

/** Synchronous and pure; what must be looked up is refused later. */
export function refusalOfAct(state: KeeperState, act: BackupAct): Refusal | null {
  if (state.replies[act.id] !== undefined || state.acts.some(({ id }) => id === act.id)) return null;
  const { plan } = state;
  // It was just begun: its plan is not known yet.
  if (plan === null) return state.planMoved ? null : gone(act);
  if (!state.published && !state.planMoved) return gone(act);
  return refusalIn(plan, act, state);
}

function gone({ action }: BackupAct): Refusal {
  return { code: 'PLAN_NOT_PUBLISHED', reason: `Cannot ${action}: the backup plan is not published` };
}

function refusalIn(plan: PlanInForce, act: BackupAct, state: KeeperState): Refusal | null {
  const { paused } = state;
  const cannot = `Cannot ${act.action} with plan "${plan.name}"`;
  switch (act.action) {
    case 'run':
      return act.backup === null || plan.backups.some(({ id }) => id === act.backup)
        ? null
        : {
            code: 'BACKUP_UNKNOWN',
            reason: `${cannot}: "${act.backup}" is none of ${plan.backups.map(({ id }) => id).join(', ')}`,
          };
    case 'verify':
      return Number.isInteger(act.readPercent) && act.readPercent >= 1 && act.readPercent <= 100
        ? null
        : { code: 'PERCENT_INVALID', reason: `${cannot}: ${act.readPercent} % cannot be read` };
    case 'forget':
      return plan.prunes
        ? null
        : { code: 'RETENTION_EMPTY', reason: `${cannot}: its retention is empty, nothing is ever deleted` };
    case 'drill':
      return plan.drill === null ? { code: 'DRILL_NOT_PLANNED', reason: `${cannot}: it has no drill policy` } : null;
    case 'cancel':
      return refusalOfCancel(act, state);
    case 'pause':
      return paused === null ? null : { code: 'PLAN_PAUSED', reason: `${cannot}: ${paused.by} has paused it` };
    case 'resume':
      return paused === null ? { code: 'PLAN_NOT_PAUSED', reason: `${cannot}: it is not paused` } : null;
    case 'hold':
    case 'release':
    case 'restore':
      return null;
  }
}

/** More than these are not kept: an act is asked again within minutes, or never. */
const repliesKept = 50;

/** Carries out the oldest act. It stays in the state until it is answered: entered again, it is carried out again. */
export async function answerActs(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  for (let [act] = state.acts; act !== undefined; [act] = state.acts) {
    const { id, actor, via, action, ...detail } = act;
    const reply = await replyTo(act, here);
    const reason = reply.accepted ? reply.warnings.join('; ') : reply.reason;
    const { accepted } = reply;
    noteKept(as({ actor, via }, here), 'backup.act', { action, accepted, reason, detail: { ...detailOf(detail), id } });
    state.acts = state.acts.filter((each) => each.id !== id);
    state.replies = Object.fromEntries(Object.entries({ ...state.replies, [id]: reply }).slice(-repliesKept));
    await effects.flush();
  }
}

function detailOf(detail: object): { readonly [name: string]: ReturnType<typeof asJson> } {
  return Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, asJson(value)]));
}

async function replyTo(act: BackupAct, here: KeeperHere): Promise<BackupReply> {
  const { plan, published } = here.state;
  if (plan === null || !published) {
    const { code, reason } = gone(act);
    return refuse(code, reason);
  }
  const refusal = refusalIn(plan, act, here.state);
  if (refusal !== null) return refuse(refusal.code, refusal.reason);
  switch (act.action) {
    case 'run':
      return run(act, plan, here);
    case 'verify':
      return verify(act, here);
    case 'forget':
      return forget(here);
    case 'hold':
      return hold(act, here);
    case 'release':
      return release(act, plan, here);
    case 'restore':
      return restore(act, here);
    case 'drill':
      return drill(act, plan, here);
    case 'cancel':
      return cancelQueued(act, plan, here);
    case 'pause':
      return pause(act, here);
    case 'resume':
      return resume(act, here);
  }
}

function run(act: ActOf<'run'>, plan: PlanInForce, here: KeeperHere): Promise<BackupReply> {
  const wanted = plan.backups.find(({ id }) => id === act.backup) ?? plan.backups[0];
  if (wanted === undefined) throw new Error(`Cannot back up with plan "${plan.name}": it has no backup`);
  return queue({ kind: 'backup', backup: wanted.id, wanted: wanted.kind, slotMs: null, late: false }, act, here);
}

async function verify(act: ActOf<'verify'>, here: KeeperHere): Promise<BackupReply> {
  const { level, readPercent } = act;
  const sets = await keeperSets(here);
  const set = act.set ?? newestFirst(sets.filter(({ owned }) => owned))[0]?.id ?? null;
  if (set === null) return refuse('SET_NOT_FOUND', 'Cannot verify: there is no backup yet');
  return (
    notThere({ verb: 'verify', set }, sets, here) ??
    queue({ kind: 'verify', set, level, readPercent, seed: seedOf(here) }, act, here)
  );
}

async function forget(here: KeeperHere): Promise<BackupReply> {
  const made = await makePrunePlan(here);
  if (made === null) return refuse('RETENTION_UNKNOWN', `Cannot forget: ${here.state.alarms['retention'] ?? ''}`);
  const { sets, graceMs, madeAtMs } = made;
  const leftMs = Math.max(0, madeAtMs + graceMs - here.effects.now());
  const due = `${sets.length} will be deleted in ${elapsedText(leftMs)}: ${sets.join(', ')}`;
  return accept(null, [sets.length === 0 ? 'nothing is due' : due]);
}

async function restore(act: ActOf<'restore'>, here: KeeperHere): Promise<BackupReply> {
  const { set, targetMs, over, reason } = act;
  const refused = await refusalOfSet('restore', set, here);
  return refused ?? queue({ kind: 'restore', set, targetMs, over, reason }, act, here);
}

async function drill(act: ActOf<'drill'>, plan: PlanInForce, here: KeeperHere): Promise<BackupReply> {
  const { set, seed, targetMs } = act;
  const refused = await refusalOfSet('drill with', set, here);
  if (refused !== null) return refused;
  const select: DrillSelect = set === null ? (plan.drill?.select ?? { how: 'latest' }) : { how: 'specific', set };
  const work = { kind: 'drill', select, seed: seed ?? seedOf(here), targetMs, slotMs: null, late: false } as const;
  return queue(work, act, here);
}

async function queue(work: OperationWork, { actor }: BackupAct, here: KeeperHere): Promise<BackupReply> {
  const isFree = here.state.queue.length === 0 && here.state.running.length === 0;
  const operation = await want({ work, requester: actor, asked: true, untilMs: null }, here);
  return accept(operation, isFree ? [] : ['it begins when its turn comes']);
}

async function refusalOfSet(verb: string, set: string | null, here: KeeperHere): Promise<BackupReply | null> {
  return set === null ? null : notThere({ verb, set }, await keeperSets(here), here);
}

/** Null: it is there, and stays until it is pinned. */
function notThere(
  { verb, set }: { readonly verb: string; readonly set: string },
  sets: readonly KnownSet[],
  { state }: KeeperHere,
): BackupReply | null {
  const known = sets.find(({ id }) => id === set);
  if (known === undefined) return refuse('SET_NOT_FOUND', `Cannot ${verb} backup "${set}": nobody knows it`);
  return isGoing(known, state) ? refuse('SET_GOING', `Cannot ${verb} backup "${set}": it is being deleted`) : null;
}
