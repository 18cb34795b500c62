import type { RunState as RunLifeState } from '../domain/step-status';
import { isInterruption } from '../effects';
import type { Here } from './here';
import type { RunState } from './state';

/**
 * What screens show of an open run. It is derived from all that its parts wait for: of two branches none speaks for the other, and
 * whoever asked for a pause sees it as soon as nothing goes on.
 */
type Living = Pick<Here, 'state' | 'effects'>;

export interface Waiting {
  /** Whose wait it is: entered again, it is the same one. */
  readonly about: string;
  readonly reason: string;
  /** A part that a pause or a hold keeps from going on. */
  readonly held: boolean;
}

export function nowWaiting({ about, reason, held }: Waiting, here: Living): void {
  here.state.waits[about] = { reason, held };
  settleLife(here, reason);
}

/** Whoever waited says that it is over. */
export function goingOn(about: string, reason: string, here: Living): void {
  if (here.state.waits[about] === undefined) return;
  delete here.state.waits[about];
  settleLife(here, reason);
}

/** Shows the wait for as long as it takes; a suspension leaves it as it is, since the run enters it again. */
export async function whileWaiting<T>(waiting: Waiting, here: Living, wait: () => Promise<T>): Promise<T> {
  nowWaiting(waiting, here);
  try {
    const result = await wait();
    goingOn(waiting.about, 'the wait is over', here);
    return result;
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') goingOn(waiting.about, 'the wait was cancelled', here);
    throw error;
  }
}

/** Looks again; also after a control has changed what the waits mean. */
export function settleLife(here: Living, reason: string): void {
  const { state } = here;
  if (state.life === 'pending' || state.life === 'closed') return;
  const life = lifeOf(state);
  recordLife(here, life, life === 'waiting' ? reasonOf(state, reason) : reason);
}

export function recordLife({ state, effects }: Living, life: RunLifeState, reason: string): void {
  if (state.life === life) return;
  state.life = life;
  state.counters.states += 1;
  effects.record({
    key: `run@${state.counters.states}/do/run.state`,
    kind: 'run.state',
    payload: { state: life, reason },
  });
}

function lifeOf({ waits, control }: RunState): 'running' | 'waiting' | 'paused' {
  const all = Object.values(waits);
  if (all.length === 0) return 'running';
  return control.paused || all.some(({ held }) => held) ? 'paused' : 'waiting';
}

function reasonOf({ waits }: RunState, otherwise: string): string {
  return Object.values(waits).at(-1)?.reason ?? otherwise;
}
