import { deskDueAt, openDesk, tendDesk, withdrawDesk } from '../approvals/desk';
import type { ApprovalRule } from '../domain/approval-rule';
import { isHolding, peopleToRelease } from '../domain/backup-set';
import type { Hold } from '../domain/backup-set';
import { asJson } from './here';
import { accept, refuse } from './keeper-answers';
import { as, keeperDesk, noteKept } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import { keeperSets } from './keeper-sets';
import type { KeeperState, Release } from './keeper-state';
import type { BackupAct, BackupReply, KnownSet, PlanInForce } from './messages';

type HoldAct = Extract<BackupAct, { action: 'hold' }>;
type ReleaseAct = Extract<BackupAct, { action: 'release' }>;

export async function hold(act: HoldAct, here: KeeperHere): Promise<BackupReply> {
  const { state } = here;
  const { set, hold: wanted } = act;
  const cannot = `Cannot hold backup "${set}"`;
  const known = (await keeperSets(here)).find(({ id }) => id === set);
  if (known === undefined) return refuse('SET_NOT_FOUND', `${cannot}: nobody knows it`);
  if (known.holds.some(({ name }) => name === wanted.name))
    return refuse('HOLD_EXISTS', `${cannot}: a hold "${wanted.name}" is on it`);
  if (isGoing(known, state)) return refuse('SET_GOING', `${cannot}: it is being deleted`);
  const { name, kind, untilMs, reason } = wanted;
  noteKept(as(act, here), 'backup.held', { set, name, kind, untilMs, reason });
  state.sets.moved = true;
  return accept(null);
}

/** Too late: what deletes it has looked at it already. */
export function isGoing({ expiring }: Pick<KnownSet, 'expiring'>, { running }: KeeperState): boolean {
  return expiring && running.some(({ kind }) => kind === 'forget');
}

/** R-BKP-9: a plain one goes at once, any other when two people are for it. */
export async function release(act: ReleaseAct, plan: PlanInForce, here: KeeperHere): Promise<BackupReply> {
  const { state } = here;
  const { set, name, reason } = act;
  const cannot = `Cannot release hold "${name}" of backup "${set}"`;
  const known = (await keeperSets(here)).find(({ id }) => id === set);
  if (known === undefined) return refuse('SET_NOT_FOUND', `${cannot}: nobody knows the backup`);
  const held = known.holds.find((each) => each.name === name);
  if (held === undefined) return refuse('HOLD_NOT_FOUND', `${cannot}: there is no such hold`);
  if (peopleToRelease(held) === 1) {
    noteKept(as(act, here), 'backup.released', { set, name, reason });
    state.sets.moved = true;
    return accept(null);
  }
  if (state.releases.some((asked) => asked.set === set && asked.name === name))
    return refuse('RELEASE_ASKED', `${cannot}: people are being asked`);
  return askTwo({ act, held, known, plan }, here);
}

interface Asking {
  readonly act: ReleaseAct;
  readonly held: Hold;
  readonly known: KnownSet;
  readonly plan: PlanInForce;
}

async function askTwo({ act, held, known, plan }: Asking, here: KeeperHere): Promise<BackupReply> {
  const { state, effects } = here;
  const { id, actor, via, set, name, reason } = act;
  const show = {
    plan: plan.name,
    service: plan.service,
    set,
    at: new Date(known.atMs).toISOString(),
    hold: asJson(held),
    reason,
  };
  const { digest: hash } = await effects.lookUp('digest', { value: show });
  const opened = await openDesk(
    {
      request: {
        id: `${id}/release`,
        hash,
        requester: actor,
        implementers: [],
        authors: [],
        risk: 'high',
        privileged: false,
        emergency: false,
        window: null,
        rule: twoPeople(plan.approvers.holds),
      },
      path: `release/${set}/${name}`,
      title: `Release ${held.kind} hold "${name}" of backup "${set}" of "${plan.service}"`,
      show,
      facts: {
        type: 'backup',
        risk: 'high',
        requester: actor,
        runbook: plan.name,
        owner: plan.owner,
        items: [`service/${plan.service}`],
        inputs: {},
        labels: {},
      },
      respondBy: null,
      onDue: null,
    },
    keeperDesk(withoutSafePoint(here)),
  );
  if (!opened.opened) return refuse(opened.code, opened.reason);
  state.releases = [...state.releases, { act: id, actor, via, set, name, reason, desk: opened.desk }];
  return accept(null, [`two people are asked: ${plan.approvers.holds.join(', ')}`]);
}

/** In the middle of an act is no place to continue as new: whoever has asked waits for the answer. */
function withoutSafePoint(here: KeeperHere): KeeperHere {
  return { ...here, effects: { ...here.effects, checkpoint: () => Promise.resolve() } };
}

function twoPeople(candidates: readonly string[]): ApprovalRule {
  const slot = { id: 'release', candidates, quorum: { mode: 'n', n: 2 } } as const;
  return {
    levels: [{ id: 'release', slots: [slot], rejectOn: 1, countsApart: true }],
    validForMs: null,
    leadMs: 0,
    silenceMeansConsent: false,
    excludeRequester: true,
  };
}

/** What people decided, or did not in time. */
export async function tendReleases(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  for (const asked of state.releases) {
    if ((deskDueAt(asked.desk) ?? Infinity) <= effects.now()) await tendDesk(asked.desk, keeperDesk(here));
    if (isSettled(asked)) settle(asked, here);
  }
}

export function isSettled({ desk }: Release): boolean {
  return desk.approval.phase.name !== 'pending';
}

function settle(asked: Release, here: KeeperHere): void {
  const { state } = here;
  const { set, name, reason, desk } = asked;
  state.releases = state.releases.filter((each) => each !== asked);
  const { phase } = desk.approval;
  if (phase.name !== 'approved') return;
  const approved = `${reason} (approved by ${phase.by.join(', ')})`;
  noteKept(as(asked, here), 'backup.released', { set, name, reason: approved });
  state.sets.moved = true;
}

export function withdrawReleases(reason: string, here: KeeperHere): void {
  for (const { desk } of here.state.releases) withdrawDesk(desk, reason, keeperDesk(here));
  here.state.releases = [];
}

/** R-BKP-9: plain holds whose time is over. Answers when the next one's is; null: none will be. */
export function endHolds(sets: readonly KnownSet[], here: KeeperHere): number | null {
  const now = here.effects.now();
  const next: number[] = [];
  for (const { id: set, holds } of sets) {
    for (const held of holds) {
      if (!isHolding(held, now))
        noteKept(here, 'backup.released', { set, name: held.name, reason: 'its time is over' });
      else if (held.kind === 'plain' && held.untilMs !== null) next.push(held.untilMs);
    }
  }
  return next.length === 0 ? null : Math.min(...next);
}
