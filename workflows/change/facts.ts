import type { Json } from '../domain/json';
import type { JournalKind, JournalPayloads } from '../domain/journal';
import { changeLifecycle } from './lifecycle';
import type { ChangeEvent } from './lifecycle';
import { nameOf } from './here';
import type { Here } from './here';

type ChangeKind = Extract<JournalKind, `change.${string}`>;
/** One fact of the change in its journal. Facts are numbered: the same procedure writes the same numbers. */
export function note<K extends ChangeKind>(here: Here, kind: K, payload: JournalPayloads[K]): void {
  const { state, effects, by } = here;
  state.counters.facts += 1;
  const key = `change@${state.counters.facts}/do/${kind}`;
  effects.record({ key, kind, payload, ...(by === undefined ? {} : { actor: by.actor, via: by.via }) });
}

/** A check that says what it said before is no news. */
export function noteOnce<K extends ChangeKind>(here: Here, kind: K, payload: JournalPayloads[K]): void {
  const { state } = here;
  const text = JSON.stringify(payload);
  if (state.said[kind] === text) return;
  state.said[kind] = text;
  note(here, kind, payload);
}

/** The one place where a change gets into another state. */
export function move(here: Here, event: ChangeEvent, reason: string): void {
  const { state } = here;
  const to = changeLifecycle.next(state.phase, event);
  if (to === null) throw new Error(`Cannot ${event} ${nameOf(here)}: it is ${state.phase}`);
  const from = state.phase;
  state.phase = to;
  state.counters.states += 1;
  note(here, 'change.state', { from, to, event, reason, hash: state.hash });
}

/** What is JSON by construction; an interface has no index signature to prove it with. */
export function asJson(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}
