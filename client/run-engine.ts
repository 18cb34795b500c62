import { randomUUID } from 'node:crypto';

import type { JournalEntry } from '../workflows/domain/journal';
import type { Answer, AnswerResult } from '../workflows/domain/task';
import type { Control, ControlResult, EventMessage } from '../workflows/runbook/messages';
import { messageNames } from '../workflows/runbook/messages';
import { SelectedLabels } from '../platform/store/selected-labels';
import type { RunRow, TaskRow } from '../platform/store/store';
import { isRequestError, refusalText, RequestError } from './api/errors';
import type {
  AnswerRequest,
  ControlRequest,
  Engine,
  ResumeCommand,
  RunsFilter,
  RunViewParts,
  SignalRequest,
  StartRequest,
  TasksFilter,
} from './engine';
import type { EngineDependencies } from './engine-dependencies';
import { sendPastJournal } from './journal-ahead';
import { streamOf } from '../workflows/domain/streams';
import { startPending, startResumed, startRun } from './run-start';
import { readRunView } from './run-view';
import { requireTask } from './tasks-named';

export interface RecoveringEngine extends Engine {
  /** Starts runs that were journaled but whose execution never began; answers how many there were. */
  recover(): Promise<number>;
}

/** The engine: it writes through the journal and messages to runs, and reads folds of the store only. */
export function createEngine(given: Omit<EngineDependencies, 'labels'>): RecoveringEngine {
  const { store } = given;
  const dependencies: EngineDependencies = { ...given, labels: new SelectedLabels(store) };
  return {
    start: (request: StartRequest) => startRun(dependencies, request),
    show: async (reference: string, wanted?: RunViewParts) => {
      const run = await store.views.findRun(reference);
      return run === null ? null : readRunView(store, run, wanted);
    },
    runs: (filter: RunsFilter) => store.views.runs({ ...filter, limit: Math.min(filter.limit ?? 50, mostListed) }),
    tasks: ({ all, ...filter }: TasksFilter) => store.views.tasks(all === true ? filter : { ...filter, open: true }),
    answer: (request: AnswerRequest) => answerTask(dependencies, request),
    control: (reference: string, request: ControlRequest) => controlRun(dependencies, reference, request),
    resume: (reference: string, request: ResumeCommand) => resumeRun(dependencies, reference, request),
    signal: (reference: string, request: SignalRequest) => signalRun(dependencies, reference, request),
    wakeWaiting: () => wakeWaiting(dependencies),
    recover: () => startPending(dependencies),
  };
}

/** A page of a thousand, and one that tells whether there is another page. */
const mostListed = 1_001;

async function answerTask(dependencies: EngineDependencies, request: AnswerRequest): Promise<AnswerResult> {
  const task = await requireTask(dependencies.store, request.taskId);
  const answer = answerOf(task, request);
  const message = { runId: task.runId, name: messageNames.answer, payload: answer, id: answer.id };
  const delivery = await sendPastJournal<AnswerResult>(
    dependencies.gateway,
    message,
    async (code) => code === 'TASK_NOT_FOUND' && isOpen(dependencies, task),
  );
  switch (delivery.kind) {
    case 'answered':
      return delivery.result;
    case 'rejected':
      return refuse(dependencies, task, { answer, code: delivery.code, reason: delivery.reason });
    case 'closed':
      return (
        (await countedBefore(dependencies, answer)) ??
        refuse(dependencies, task, { answer, code: 'TASK_CLOSED', reason: 'the run has ended' })
      );
  }
}

async function isOpen({ store }: EngineDependencies, { id }: TaskRow): Promise<boolean> {
  const [task] = await store.views.tasks({ id });
  return task !== undefined && task.closed === null;
}

/** An answer that is sent again, since its reply was lost, may find that the run has ended by what it decided. */
async function countedBefore(
  { store }: EngineDependencies,
  { taskId, id, actor }: Answer,
): Promise<AnswerResult | null> {
  const [task] = await store.views.tasks({ id: taskId });
  const counted = task?.votes.find((vote) => vote.id === id && vote.actor === actor);
  if (task === undefined || counted === undefined) return null;
  return {
    accepted: true,
    decided: task.closed !== null,
    choice: task.closed?.choice ?? null,
    recorded: counted.choice,
  };
}

function answerOf(task: TaskRow, request: AnswerRequest): Answer {
  const { taskId: _reference, id, comment, form, ...given } = request;
  return { ...given, taskId: task.id, id: id ?? randomUUID(), comment: comment ?? '', form: form ?? null };
}

interface Refusal {
  readonly answer: Answer;
  readonly code: string;
  readonly reason: string;
}

/** What a validator refuses leaves no trace in the run; the journal is written here (D9). */
async function refuse(dependencies: EngineDependencies, task: TaskRow, refusal: Refusal): Promise<AnswerResult> {
  const { answer, code, reason } = refusal;
  const entry: JournalEntry<'task.refused'> = {
    key: `task/${task.id}/answer:${answer.id}/task.refused`,
    kind: 'task.refused',
    at: dependencies.now(),
    actor: answer.actor,
    via: answer.via,
    payload: { taskId: task.id, answer, code, reason },
  };
  await dependencies.store.journal.append(streamOf(task.runId), [entry]);
  return { accepted: false, code, reason };
}

async function controlRun(
  dependencies: EngineDependencies,
  reference: string,
  request: ControlRequest,
): Promise<ControlResult> {
  const run = await requireRun(dependencies, reference);
  const control = controlOf(request);
  if (await askedBefore(dependencies, run, control.id)) return { accepted: true, state: run.state };
  if (run.state === 'closed') return closedRun(run);
  const delivery = await dependencies.gateway.send<ControlResult>({
    runId: run.id,
    name: messageNames.control,
    payload: control,
    id: control.id,
  });
  switch (delivery.kind) {
    case 'answered':
      return delivery.result;
    case 'rejected':
      return { accepted: false, code: delivery.code, reason: delivery.reason };
    case 'closed':
      if (run.state === 'pending') {
        throw new RequestError('ENGINE_UNAVAILABLE', `Cannot ${request.action} run ${run.number}: it has not begun`);
      }
      return closedRun(run);
  }
}

/** A request that is sent again, since its reply was lost, was taken when the journal has it. */
async function askedBefore({ store }: EngineDependencies, run: RunRow, id: string): Promise<boolean> {
  return (await store.journal.find(streamOf(run.id), [controlKey(id)])).length > 0;
}

/** As the run itself writes it. */
function controlKey(id: string): string {
  return `control/${id}`;
}

function closedRun(run: RunRow): ControlResult {
  return { accepted: false, code: 'RUN_CLOSED', reason: `run ${run.number} has ended` };
}

function controlOf(request: ControlRequest): Control {
  const { action, actor, via, id = randomUUID() } = request;
  if (action === 'cancel') return { action, actor, via, id, keep: request.keep === true, reason: request.reason ?? '' };
  return { action, actor, via, id };
}

/** A paused run goes on; a run that has ended goes on from its stored state. */
async function resumeRun(dependencies: EngineDependencies, reference: string, request: ResumeCommand): Promise<RunRow> {
  const run = await requireRun(dependencies, reference);
  const { via = 'api', id = randomUUID() } = request;
  const resume = { ...request, via, id };
  await refuseOfChange(dependencies, run, resume);
  if (await askedBefore(dependencies, run, id)) await startIfCutOff(dependencies, run, resume);
  else if (run.state === 'closed') await goOnFromEnd(dependencies, run, resume);
  else await letGoOn(dependencies, run, resume);
  return requireRun(dependencies, run.id);
}

/** A request that is sent again: the first may have been cut off between the journal and the start. */
async function startIfCutOff(dependencies: EngineDependencies, run: RunRow, request: Resume): Promise<void> {
  const { journal } = dependencies.store;
  const [[asked], head] = await Promise.all([
    journal.find(streamOf(run.id), [controlKey(request.id)]),
    journal.head(streamOf(run.id)),
  ]);
  if (run.state !== 'closed' || asked?.seq !== head.count) return;
  await goOnFromEnd(dependencies, run, request).catch((error: unknown) => {
    // It had started, and has written nothing yet.
    if (!isRequestError(error) || error.code !== 'RUN_OPEN') throw error;
  });
}

type Resume = ResumeCommand & { readonly via: string; readonly id: string };

async function letGoOn(dependencies: EngineDependencies, run: RunRow, request: Resume): Promise<void> {
  if (request.undo === true) throw new RequestError('RUN_OPEN', `Cannot undo run ${run.number}: it has not ended`);
  const { actor, via, id } = request;
  const result = await controlRun(dependencies, run.id, { action: 'resume', actor, via, id });
  if (result.accepted) return;
  const text = refusalText(`resume run ${run.number}`, result.reason);
  throw new RequestError('CONTROL_REFUSED', text, { detail: { code: result.code } });
}

/** D8: the run of a change is steered by it. Going on by itself it would be bound by no window; taking back what it did always may. */
async function refuseOfChange({ store }: EngineDependencies, run: RunRow, { undo }: Resume): Promise<void> {
  if (run.state !== 'closed' || run.parent === null || undo === true) return;
  const change = await store.changes.get(run.parent);
  if (change !== null)
    throw new RequestError('RUN_OF_CHANGE', `Cannot resume run ${run.number}: CHG-${change.number} has carried it out`);
}

async function goOnFromEnd(dependencies: EngineDependencies, run: RunRow, request: Resume): Promise<void> {
  refuseUseless(run, request);
  const { actor, via, from, hosts, undo } = request;
  const entry: JournalEntry<'run.control'> = {
    key: controlKey(request.id),
    kind: 'run.control',
    at: dependencies.now(),
    actor,
    via,
    payload: {
      action: undo === true ? 'undo' : 'resume',
      detail: { ...(from === undefined ? {} : { from }), ...(hosts === undefined ? {} : { hosts }) },
    },
  };
  await dependencies.store.journal.append(streamOf(run.id), [entry]);
  const resume = {
    by: actor,
    ...(from === undefined ? {} : { from }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(undo === undefined ? {} : { undo }),
  };
  await startResumed(dependencies, run, resume);
}

function refuseUseless(run: RunRow, request: ResumeCommand): void {
  if (run.parent !== null) {
    throw new RequestError(
      'NOTHING_TO_RESUME',
      `Cannot resume run ${run.number}: it is part of run "${run.parent}", resume that one`,
    );
  }
  if (request.undo === true || request.from !== undefined) return;
  if (run.outcome !== 'succeeded' && run.outcome !== 'checked') return;
  const state = run.degraded
    ? 'all its failures were tolerated; name the step that is to be tried again for them'
    : `it ended with outcome "${run.outcome}"`;
  throw new RequestError('NOTHING_TO_RESUME', `Cannot resume run ${run.number}: ${state}`);
}

async function signalRun(dependencies: EngineDependencies, reference: string, request: SignalRequest): Promise<void> {
  const run = await requireRun(dependencies, reference);
  const ended = () => new RequestError('RUN_CLOSED', `Cannot signal run ${run.number}: it has ended`);
  if (run.state === 'closed') throw ended();
  const event: EventMessage = request;
  if ((await dependencies.gateway.tell(run.id, event)) === 'closed') throw ended();
}

/** One after the other: the oldest is to ask first. */
async function wakeWaiting({ store, gateway }: EngineDependencies): Promise<void> {
  try {
    for (const runId of await store.locks.due()) await gateway.wake(runId);
  } catch (error) {
    // What was to be announced has happened all the same.
    if (!isRequestError(error) || error.code !== 'ENGINE_UNAVAILABLE') throw error;
  }
}

async function requireRun(dependencies: EngineDependencies, reference: string): Promise<RunRow> {
  const run = await dependencies.store.views.findRun(reference);
  if (run === null)
    throw new RequestError('RUN_NOT_FOUND', `Cannot find run "${reference}": no such run, or more than one`);
  return run;
}
