import { askedBy, peopleOf } from '../domain/approval-electorate';
import type { ApprovalEvent } from '../domain/approval-event';
import { requiredOf } from '../domain/approval-rule';
import type { ApprovalLevel, ApprovalSlot } from '../domain/approval-rule';
import type { Moment } from '../domain/approval-settle';
import type { ApprovalTransition } from '../domain/approval-state';
import type { AskedPerson, JournalPayloads } from '../domain/journal';
import type { Task } from '../domain/task';
import { voteOptions } from './desk-state';
import type { DeskContext, DeskResult, DeskState } from './desk-state';

interface Where {
  readonly here: DeskContext;
  /** Null: nobody is asked by this transition. */
  readonly moment: Moment | null;
}

/** A transition takes its effect without an await: state, journal and tasks change together. A refusal changes nothing. */
export function carry(desk: DeskState, transition: ApprovalTransition, where: Where): DeskResult {
  if (!transition.accepted) return transition;
  const isSame = transition.state === desk.approval && transition.events.length === 0;
  if (isSame) return { accepted: true };
  desk.approval = transition.state;
  desk.turns += 1;
  for (const event of transition.events) {
    recordEvent(desk, event, where.here);
    follow(desk, event, where);
  }
  if (where.moment !== null) tellAsked(desk, where.moment, where.here);
  return { accepted: true };
}

function recordEvent(desk: DeskState, event: ApprovalEvent, { effects }: DeskContext): void {
  desk.entries += 1;
  const by = event.kind === 'approval.vote-cast' ? { actor: event.actor, via: event.via } : {};
  effects.record({
    key: `${desk.id}@${desk.entries}/approval.event`,
    kind: 'approval.event',
    payload: { path: desk.path, approval: desk.approval.request.id, tasks: tasksOf(desk, event), event },
    ...by,
  });
}

function tasksOf(desk: DeskState, event: ApprovalEvent): readonly string[] {
  const given = 'vote' in event ? desk.answers[event.vote] : undefined;
  return given === undefined ? openTasks(desk).map(({ task }) => task.id) : [given.taskId];
}

/** What an event means for the tasks. */
function follow(desk: DeskState, event: ApprovalEvent, where: Where): void {
  const { here } = where;
  switch (event.kind) {
    case 'approval.level-opened':
      // A level that was opened again: those after it are not asked any more.
      closeTasks(desk, { choice: '', by: [], reason: 'withdrawn' }, here);
      return openLevel(desk, event.slots, where);
    case 'approval.level-closed':
      return closeTasks(desk, { choice: 'approve', by: event.by, reason: 'answered' }, here);
    case 'approval.rejected':
      return closeTasks(desk, { choice: 'reject', by: event.by, reason: 'answered' }, here);
    case 'approval.approved':
      return closeTasks(desk, { choice: 'approve', by: event.by, reason: 'due' }, here);
    case 'approval.timed-out':
      return closeTasks(desk, { choice: desk.onDue ?? '', by: [], reason: 'due' }, here);
    case 'approval.changed':
    case 'approval.withdrawn':
      return closeTasks(desk, { choice: '', by: [], reason: 'withdrawn' }, here);
    case 'approval.opened':
    case 'approval.edited':
    case 'approval.vote-cast':
    case 'approval.vote-voided':
    case 'approval.vote-revoked':
    case 'approval.vote-annotated':
    case 'approval.person-left':
    case 'approval.unreachable':
    case 'approval.reachable':
    case 'approval.reminded':
    case 'approval.approver-added':
    case 'approval.lapsed':
    case 'approval.started':
    case 'approval.expired-while-running':
    case 'approval.extended':
    case 'approval.regularised':
    case 'approval.unregularised':
      return;
  }
}

function openLevel(desk: DeskState, slots: readonly string[], { here, moment }: Where): void {
  for (const level of desk.approval.request.rule.levels) {
    for (const slot of level.slots) {
      if (!slots.includes(slot.id)) continue;
      const task = taskOf(desk, { level, slot, moment }, here);
      desk.tasks.push({ task, votes: [], closed: null, slot: slot.id });
      here.effects.record({ key: `${task.id}/task.opened`, kind: 'task.opened', payload: task });
    }
  }
}

function taskOf(
  desk: DeskState,
  about: { readonly level: ApprovalLevel; readonly slot: ApprovalSlot; readonly moment: Moment | null },
  here: DeskContext,
): Task {
  const { approval, path, title, show, showHash, onDue } = desk;
  const { level, slot, moment } = about;
  const { rule, hash } = approval.request;
  const isOnly = rule.levels.length === 1 && level.slots.length === 1;
  const people = moment === null ? 0 : peopleOf(approval, moment.electorate, slot.id).length;
  return {
    // The first task has the id of its desk.
    id: desk.tasks.length === 0 ? desk.id : here.nextTaskId(),
    kind: 'approval',
    path,
    title: isOnly ? title : `${title} (${slot.id})`,
    candidates: slot.candidates,
    options: voteOptions,
    min: requiredOf(slot.quorum, people),
    rejectOn: level.rejectOn,
    excludeRequester: rule.excludeRequester,
    form: null,
    show,
    planHash: hash,
    showHash,
    openedAt: here.effects.now(),
    dueAt: approval.respondBy,
    onDue,
    hosts: [],
    ...(isOnly ? {} : { slot: slot.id }),
  };
}

function closeTasks(
  desk: DeskState,
  closed: Pick<JournalPayloads['task.closed'], 'choice' | 'by' | 'reason'>,
  { effects }: DeskContext,
): void {
  const comment = commentOf(desk, closed.choice);
  for (const { task } of openTasks(desk)) {
    const payload = { taskId: task.id, ...closed, comment };
    effects.record({ key: `${task.id}/task.closed`, kind: 'task.closed', payload });
  }
  const { choice, by, reason } = closed;
  const ending = { choice: reason === 'withdrawn' ? 'withdrawn' : choice, by };
  desk.tasks = desk.tasks.map((each) =>
    each.closed === null ? { ...each, task: { ...each.task, show: {} }, closed: ending } : each,
  );
  desk.asked = {};
}

/** Of the last vote that decided so. */
export function commentOf({ answers, approval }: DeskState, choice: string): string {
  const last = approval.votes.findLast((vote) => vote.choice === choice);
  return last === undefined ? '' : (answers[last.id]?.comment ?? '');
}

/** Whoever is newly asked is told so: a member who joined, the next one after a leaver, a delegate, a manager. */
function tellAsked(desk: DeskState, { at, electorate }: Moment, { effects }: DeskContext): void {
  const asked = askedBy(desk.approval, electorate, at);
  for (const { task, slot } of openTasks(desk)) {
    const people = asked.filter((each) => each.slot === slot).map(({ person, actor }) => ({ person, actor }));
    const before = desk.asked[task.id] ?? [];
    const added = people.filter((each) => !before.some((known) => isSamePerson(known, each)));
    desk.asked[task.id] = people;
    if (added.length === 0) continue;
    desk.entries += 1;
    const payload = { taskId: task.id, people, added };
    effects.record({ key: `${desk.id}@${desk.entries}/task.asked`, kind: 'task.asked', payload });
  }
}

function isSamePerson(left: AskedPerson, right: AskedPerson): boolean {
  return left.person === right.person && left.actor === right.actor;
}

function openTasks({ tasks }: DeskState): DeskState['tasks'] {
  return tasks.filter(({ closed }) => closed === null);
}
