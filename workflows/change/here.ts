import type { DeskContext } from '../approvals/desk-state';
import type { Effects } from '../effects';
import type { ChangeInput } from './messages';
import type { ChangeState } from './state';

/** What every part of the procedure is given. */
export interface Here {
  readonly input: ChangeInput;
  readonly state: ChangeState;
  readonly effects: Effects;
  /** Who does what is noted now; absent: the engine. */
  readonly by?: Doer;
}

export interface Doer {
  readonly actor: string;
  readonly via: string;
}

export function as({ actor, via }: Doer, here: Here): Here {
  return { ...here, by: { actor, via } };
}

export function within(here: Here, effects: Effects): Here {
  return { ...here, effects };
}

export function deskContext(here: Here): DeskContext {
  return { effects: here.effects, nextTaskId: () => nextTaskId(here) };
}

/** Unique over all processes: it begins with the change. */
export function nextTaskId({ input, state }: Here): string {
  state.counters.tasks += 1;
  return `${input.change.id}-${state.counters.tasks}`;
}

/** `CHG-12`: how people call it. */
export function nameOf({ input }: Pick<Here, 'input'>): string {
  return `CHG-${input.change.number}`;
}
