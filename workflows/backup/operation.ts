import { isInterruption } from '../effects';
import { backUp } from './backing-up';
import { drill } from './drill';
import { forgetSets } from './forgetting';
import { asJson, note, within } from './here';
import type { Here } from './here';
import type { OperationEnd, OperationKind, OperationOutcome } from './messages';
import { restore } from './restore';
import { verifySet } from './verifying';
import { watch } from './watching';

/** How an operation ended, as its procedure sees it. */
export interface Ended {
  readonly outcome: OperationOutcome;
  readonly reason: string;
  /** As `OperationEnd.set`. */
  readonly set: string | null;
  /** As `OperationEnd.alarms`. */
  readonly alarms?: { readonly [alarm: string]: string };
}

/** One operation from its start to the word that its keeper gets. Called off, it cleans up and ends like any other. */
export async function operationProcedure(here: Here): Promise<OperationEnd> {
  const { input, state, effects } = here;
  const { kind } = input.work;
  const ended = await carriedOut(here);
  const { digest: stateDigest } = await effects.lookUp('saveState', {
    runId: input.operation.id,
    state: asJson(state),
  });
  const { outcome, reason, set, alarms } = ended;
  note(here, 'backup.ended', { kind, outcome, reason, set, alarms: { ...alarms }, stateDigest });
  await effects.flush();
  const end: OperationEnd = { ...ended, operation: input.operation.id, kind, endedAt: effects.now() };
  await effects.announce(end);
  return end;
}

/** What the work says of its end counts even when it was called off: only it knows how far it came. */
async function carriedOut(here: Here): Promise<Ended> {
  const { state, effects, input } = here;
  if (state.calledOff !== null) return calledOff(input.work.kind, state.calledOff);
  const work: { ended: Ended | null } = { ended: null };
  await effects.race<unknown>([
    async (inner) => {
      work.ended = await endOf(within(here, inner));
    },
    (inner) => inner.waitFor(() => state.calledOff !== null),
  ]);
  return work.ended ?? calledOff(input.work.kind, state.calledOff ?? '');
}

/** Interrupted, it says nothing: then it was called off, and nothing more is known. */
async function endOf(here: Here): Promise<Ended | null> {
  try {
    return await procedureOf(here);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') return null;
    throw error;
  }
}

function procedureOf(here: Here): Promise<Ended> {
  const { work } = here.input;
  switch (work.kind) {
    case 'backup':
      return backUp(work, here);
    case 'verify':
      return verifySet(work, here);
    case 'forget':
      return forgetSets(work, here);
    case 'watch':
      return watch(here);
    case 'restore':
      return restore(here);
    case 'drill':
      return drill(here);
  }
}

function calledOff(kind: OperationKind, reason: string): Ended {
  return { outcome: kind === 'drill' ? 'INTERRUPTED' : 'cancelled', reason, set: null };
}
