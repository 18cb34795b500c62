import { minuteMs } from '../domain/duration';
import { takeAlarms } from './keeper-alarms';
import { keeperSets } from './keeper-sets';
import { lifeOf, noteKept, topicOf } from './keeper-here';
import type { KeeperHere } from './keeper-here';
import { namedPins, namedSet, notePins, noteWaitingPins, pinsAtStart } from './keeper-pins';
import { startable } from './keeper-queue';
import { tellOwner } from './keeper-tasks';
import type { Wanted } from './keeper-state';
import type { OperationEnd, PlanInForce } from './messages';

/** Its end may not have been told (D7); then this is how long nobody notices. */
const recheckEveryMs = 5 * minuteMs;

/** Puts an operation at the end of the queue; answers its id. */
export async function want(wanted: Omit<Wanted, 'id' | 'pins'>, here: KeeperHere): Promise<string> {
  const { state, effects, input } = here;
  state.counters.operations += 1;
  const value = [input.keeper.id, lifeOf(here), state.counters.operations];
  const { digest } = await effects.lookUp('digest', { value });
  const id = `b${digest.slice(0, 12)}`;
  const named = namedSet(wanted.work);
  const pins = named === null ? [] : namedPins(named, await keeperSets(here));
  state.queue = [...state.queue, { ...wanted, id, pins }];
  noteWaitingPins({ id, pins }, true, here);
  return id;
}

/** Whatever has its turn begins. */
export async function launchReady(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  const { plan } = state;
  if (plan === null || !state.published) return;
  const queue = state.paused === null ? state.queue : state.queue.filter(({ asked }) => asked);
  const ready = startable(
    queue.map(({ id, work }) => ({ id, kind: work.kind })),
    state.running.map(({ kind }) => kind),
  );
  for (const wanted of queue.filter(({ id }) => ready.includes(id))) await launch(wanted, plan, here);
  if (state.running.length > 0) state.recheckMs ??= effects.now() + recheckEveryMs;
}

/** R-BKP-10: a deletion that did not get its turn in time is planned anew. */
export function dropOverdue(here: KeeperHere): void {
  const now = here.effects.now();
  const dropped = dropFromQueue(({ untilMs }) => untilMs !== null && now >= untilMs, here);
  if (dropped.length > 0) here.state.pruneWanted = true;
}

/** Answers what will not begin any more. */
export function dropFromQueue(goes: (wanted: Wanted) => boolean, here: KeeperHere): readonly Wanted[] {
  const { state } = here;
  const dropped = state.queue.filter(goes);
  state.queue = state.queue.filter((wanted) => !dropped.includes(wanted));
  for (const wanted of dropped) noteWaitingPins(wanted, false, here);
  return dropped;
}

/** None of them will have its turn: each begins to say so, and nothing else, so that whoever waits for its end gets one. */
export async function endQueued(reason: string, here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  const { plan } = state;
  if (plan === null || state.queue.length === 0) return;
  for (const wanted of state.queue) await launch({ ...wanted, calledOff: reason }, plan, here);
  state.recheckMs ??= effects.now() + recheckEveryMs;
}

/** `calledOff`: it only says so, and nothing is done; absent: nobody has. */
export async function launch(
  { id, work, requester, pins: waitingPins, calledOff }: Wanted & { readonly calledOff?: string },
  plan: PlanInForce,
  here: KeeperHere,
): Promise<void> {
  const { state, effects, input } = here;
  const needsSets =
    calledOff === undefined && (work.kind === 'verify' || work.kind === 'restore' || work.kind === 'drill');
  const pins = needsSets ? pinsAtStart(work, await keeperSets(here), effects.now()) : [];
  state.queue = state.queue.filter((wanted) => wanted.id !== id);
  state.running = [...state.running, { id, kind: work.kind, topic: topicOf(work), pins }];
  notePins({ sets: pins, by: id, pinned: true }, here);
  noteWaitingPins({ id, pins: waitingPins }, false, here);
  const { installation, id: parent } = input.keeper;
  const operation = { installation, id, number: 0, requester, createdAt: effects.now(), parent };
  await effects.launch({ operation, plan, work, ...(calledOff === undefined ? {} : { calledOff }) });
}

/** What operations told when they ended, and what nobody told. */
export async function takeEnds(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  if (state.recheckMs !== null && effects.now() >= state.recheckMs) await askAfterRunning(here);
  while (state.ends.length > 0) {
    const [end, ...others] = state.ends;
    state.ends = others;
    if (end !== undefined) await takeEnd(end, here);
  }
  if (state.running.length === 0) state.recheckMs = null;
}

async function askAfterRunning(here: KeeperHere): Promise<void> {
  const { state, effects } = here;
  state.recheckMs = effects.now() + recheckEveryMs;
  const { ended } = await effects.lookUp('operationsEnded', { ids: state.running.map(({ id }) => id) });
  state.ends = [...state.ends, ...ended];
}

async function takeEnd(end: OperationEnd, here: KeeperHere): Promise<void> {
  const { state } = here;
  const known = state.running.find(({ id }) => id === end.operation);
  // Told twice, or asked after when it had told already.
  if (known === undefined) return;
  state.running = state.running.filter((running) => running !== known);
  if (known.pins.length > 0) noteKept(here, 'backup.pinned', { sets: known.pins, by: known.id, pinned: false });
  if (end.kind !== 'watch') state.sets.moved = true;
  if (end.kind === 'backup' || end.kind === 'forget') state.pruneWanted = true;
  if (state.published) await takeAlarms(end, here);
  if (isToBeKnown(end)) await tellEnd(end, known.topic, here);
}

/** What could not begin is told by alarms where there are any. */
function isToBeKnown({ outcome, kind }: OperationEnd): boolean {
  switch (outcome) {
    case 'FAIL':
    case 'INVALID':
    case 'failed':
      return true;
    case 'blocked':
      return kind !== 'backup' && kind !== 'watch';
    case 'succeeded':
    case 'cancelled':
    case 'PASS':
    case 'INTERRUPTED':
      return false;
  }
}

async function tellEnd(end: OperationEnd, topic: string, here: KeeperHere): Promise<void> {
  const { operation, outcome, reason, set, kind } = end;
  const { service = '', name = here.input.plan } = here.state.plan ?? {};
  await tellOwner(
    {
      about: `${topic}/${outcome}`,
      title: `${kind} of "${service}": ${outcome}${reason === '' ? '' : `: ${reason}`}`,
      show: { plan: name, service, operation, outcome, reason, set },
      ...(outcome === 'FAIL' ? { priority: 2 } : {}),
    },
    here,
  );
}
