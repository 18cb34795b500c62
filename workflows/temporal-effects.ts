import {
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';

import { isRepeatable } from './domain/effect-class';
import type { JournalEntry } from './domain/journal';
import type { CancelReply, OperationReply } from './domain/operation';
import { Interruption, isInterruption } from './effects';
import type { Effects, OperationCall } from './effects';
import type { Bound, ChildOutcome, RunReport } from './runbook/messages';
import { messageNames, workflowIdOf } from './runbook/messages';
import { callActivity, LocalActivities } from './temporal-effects/activities';
import { Children } from './temporal-effects/children';
import { JournalBuffer } from './temporal-effects/journal-buffer';
import { lostReply } from './temporal-effects/lost-reply';
import { operations } from './temporal-effects/operations';
import { Stillness } from './temporal-effects/stillness';
import { Suspension } from './temporal-effects/suspension';

/** What the workflow function needs besides the effects themselves. */
export interface TemporalBinding {
  readonly effects: Effects;
  readonly journal: JournalBuffer;
  childEnded(outcome: ChildOutcome): void;
}

/**
 * `Effects` on Temporal.
 *
 * - T1 Which part of the run a call belongs to is known from Temporal's own scopes, so every part gets the same object.
 * - T2 Once a suspension is asked for, waits and new work throw; what cannot be left is waited for, and its answer is given.
 * - T3 Nothing but an `Interruption` leaves a method because of what the world did.
 */
export function bindEffects(input: Bound): TemporalBinding {
  const suspension = new Suspension();
  const stillness = new Stillness();
  const local = new LocalActivities(stillness);
  const journal = new JournalBuffer(input.run.id, local);
  const children = new Children(input, { suspension, local, stillness });
  const parts = { suspension, stillness, local, journal, children };
  const effects: Effects = {
    now: () => local.now(),
    random: () => Math.random(),
    ...waiting(parts, () => journal.flush()),
    ...working(parts),
    ...operations(parts, input.run.parent),
    ...structure(
      parts,
      () => effects,
      () => watching,
    ),
    lookUp: (question, asked) => local.ask(question, asked),
    wake: tellLockNews,
    report: (report) => tellParent(input.run.parent, report),
    record: (entry) => journal.record(entry),
    flush: () => journal.flush(),
    async checkpoint() {
      if (workflowInfo().continueAsNewSuggested) suspension.request();
      if (suspension.requested) throw new Interruption('suspend');
      if (CancellationScope.current().consideredCancelled) throw new Interruption('cancel');
    },
    version: (id) => patched(id),
  };
  // A part that only looks on while another works writes nothing: that is for the one that works, when it comes to a wait.
  const watching: Effects = { ...effects, ...waiting(parts, () => Promise.resolve()) };
  return { effects, journal, childEnded: (outcome) => children.report(outcome) };
}

/** Waited for: what is still to be sent when a run ends is never sent. Nobody is there, or does not wait any more: no harm done. */
function tellLockNews(runIds: readonly string[]): Promise<void> {
  return CancellationScope.nonCancellable(async () => {
    await Promise.allSettled(
      runIds.map((runId) => getExternalWorkflowHandle(workflowIdOf(runId)).signal(messageNames.lockNews)),
    );
  });
}

/** Waited for as above. A parent that has ended does not miss it; one that lives is told again what it waits for. */
function tellParent(parent: string | null, report: RunReport): Promise<void> {
  if (parent === null) return Promise.resolve();
  return CancellationScope.nonCancellable(async () => {
    const sent = getExternalWorkflowHandle(workflowIdOf(parent)).signal(messageNames.report, report);
    await Promise.allSettled([sent]);
  });
}

interface Parts {
  readonly suspension: Suspension;
  readonly stillness: Stillness;
  readonly local: LocalActivities;
  readonly journal: JournalBuffer;
  readonly children: Children;
}

/** `flush`: who looks at a run that waits must see everything that led there. */
function waiting(
  { suspension, stillness, local }: Parts,
  flush: () => Promise<void>,
): Pick<Effects, 'sleep' | 'waitFor'> {
  async function beforeWaiting(): Promise<void> {
    if (suspension.requested) throw new Interruption('suspend');
    await flush();
  }
  return {
    async sleep(ms) {
      await beforeWaiting();
      await interruptible(suspension, () => stillness.until(() => suspension.requested, ms));
      if (suspension.requested) throw new Interruption('suspend');
    },
    async waitFor(predicate, until) {
      if (predicate()) return true;
      await beforeWaiting();
      const settled = (): boolean => predicate() || suspension.requested;
      if (until === undefined) await interruptible(suspension, () => stillness.until(settled));
      else if (until > local.now())
        await interruptible(suspension, () => stillness.until(settled, until - local.now()));
      else if (CancellationScope.current().consideredCancelled) throw new Interruption('cancel');
      if (predicate()) return true;
      if (suspension.requested) throw new Interruption('suspend');
      return false;
    },
  };
}

function working(parts: Parts): Pick<Effects, 'perform' | 'cancelJobs' | 'startRun' | 'steer'> {
  const { suspension, journal, children } = parts;
  return {
    async perform(call) {
      if (suspension.requested) throw new Interruption('suspend');
      if (journal.isDue) await journal.flush();
      return call.light ? lightly(call, parts) : normally(call, parts);
    },
    cancelJobs: (call) =>
      CancellationScope.nonCancellable(async () => {
        await journal.flush();
        const { request, timeoutMs } = call;
        const summary = request.path;
        const asked = { type: 'cancelJobs', asked: request, timeoutMs, summary, detachable: false };
        return callActivity<CancelReply>(asked, suspension);
      }),
    async startRun(child) {
      if (suspension.requested) throw new Interruption('suspend');
      await journal.flush();
      await CancellationScope.nonCancellable(() => children.start(child));
      try {
        const outcome = await interruptible(suspension, () => children.ended(child.childId));
        if (outcome === null) throw new Interruption('suspend');
        return outcome;
      } catch (error) {
        if (isInterruption(error) && error.reason === 'cancel') await endChild(children, child.childId);
        throw error;
      }
    },
    async steer(childId, control) {
      if (suspension.requested) throw new Interruption('suspend');
      const isThere = await interruptible(suspension, () => children.started(childId));
      if (!isThere) throw new Interruption('suspend');
      await CancellationScope.nonCancellable(() => children.tell(childId, control));
    },
  };
}

async function endChild(children: Children, childId: string): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await children.cancel(childId);
    await children.ended(childId);
  });
}

async function lightly(call: OperationCall, parts: Parts): Promise<OperationReply> {
  try {
    return await carrying(call, parts.journal, (entries) =>
      parts.local.lightly<OperationReply>(call.request.operation, call.request, entries),
    );
  } catch {
    // What cannot be done here and now is tried as any other activity is; a part that was cancelled meanwhile stops there.
    return normally(call, parts);
  }
}

async function normally(call: OperationCall, { suspension, journal }: Parts): Promise<OperationReply> {
  const { request, timeoutMs, effect } = call;
  const detachable = isRepeatable(effect) || effect === 'journaled';
  const asked = { type: request.operation, asked: request, timeoutMs, summary: request.path, detachable };
  try {
    return await carrying(call, journal, (entries) => callActivity<OperationReply>({ ...asked, entries }, suspension));
  } catch (error) {
    if (isInterruption(error)) throw error;
    return lostReply(call, error);
  }
}

/** What led to a call is in the journal before a call that cannot be repeated does anything (D4). */
async function carrying<R>(
  call: OperationCall,
  journal: JournalBuffer,
  send: (entries: readonly JournalEntry[]) => Promise<R>,
): Promise<R> {
  const carried = journal.carry(isRepeatable(call.effect) ? 'left' : 'all');
  try {
    const reply = await send(carried.entries);
    carried.arrived();
    return reply;
  } catch (error) {
    carried.lost();
    throw error;
  }
}

function structure(
  { stillness, journal }: Parts,
  effects: () => Effects,
  watching: () => Effects,
): Pick<Effects, 'all' | 'race' | 'scope' | 'shield'> {
  /** What a part that has ended leaves to be written must not wait for what the others do next. */
  async function leaveNothingBehind(): Promise<void> {
    await stillness.reached();
    await journal.flush();
  }
  return {
    async all(tasks) {
      let going = tasks.length;
      const settled = await Promise.allSettled(
        tasks.map(async (task) => {
          try {
            return await task(effects());
          } finally {
            going -= 1;
            if (going > 0) await leaveNothingBehind();
          }
        }),
      );
      const values = [];
      for (const result of settled) {
        if (result.status === 'rejected') throw result.reason;
        values.push(result.value);
      }
      return values;
    },
    race([work, ...watchers], background = []) {
      const working = [...(work === undefined ? [] : [work]), ...background];
      return raceInScopes([
        ...working.map((task) => () => task(effects())),
        ...watchers.map((watch) => () => watch(watching())),
      ]);
    },
    scope(body) {
      const scope = new CancellationScope({ cancellable: true });
      return { result: scope.run(() => body(effects())), cancel: () => scope.cancel() };
    },
    shield: (body) => CancellationScope.nonCancellable(() => body(effects())),
  };
}

/** The losers are cancelled and awaited: nothing goes on behind the winner's back. */
async function raceInScopes<T>(tasks: readonly (() => Promise<T>)[]): Promise<T> {
  const scopes = tasks.map(() => new CancellationScope({ cancellable: true }));
  const running = scopes.map((scope, index) => scope.run(tasks[index] ?? never));
  try {
    return await Promise.race(running);
  } finally {
    for (const scope of scopes) scope.cancel();
    await Promise.allSettled(running);
  }
}

function never(): Promise<never> {
  return Promise.reject(new Error('Cannot run a race: a task is missing'));
}

/** While the run is being left every part that ends is left, not cancelled: nobody may start to clean up. */
async function interruptible<T>(suspension: Suspension, wait: () => Promise<T>): Promise<T> {
  try {
    return await wait();
  } catch (error) {
    if (isCancellation(error)) throw new Interruption(suspension.requested ? 'suspend' : 'cancel');
    throw error;
  }
}
