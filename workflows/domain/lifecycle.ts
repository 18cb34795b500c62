/** A state machine is a table: code, screens and tests read the same one. */
export interface Lifecycle<S extends string, E extends string> {
  readonly states: readonly S[];
  /** The state that an event leads to, or null when it is not accepted there. */
  next(state: S, event: E): S | null;
  can(state: S, event: E): boolean;
  events(state: S): readonly E[];
  isFinal(state: S): boolean;
}

type Table = { readonly [state: string]: { readonly [event: string]: string } };
type StateOf<T extends Table> = Extract<keyof T, string>;
type EventOf<T extends Table> = { [S in keyof T]: Extract<keyof T[S], string> }[keyof T];
/** Every target must be a state of the table, else it does not compile. */
type Closed<T extends Table> = { readonly [S in keyof T]: { readonly [E in keyof T[S]]: StateOf<T> } };

export function defineLifecycle<const T extends Table>(table: T & Closed<T>): Lifecycle<StateOf<T>, EventOf<T>> {
  const isState = (name: string): name is StateOf<T> => Object.hasOwn(table, name);
  const isEvent = (name: string): name is EventOf<T> =>
    Object.values<Table[string]>(table).some((row) => Object.hasOwn(row, name));
  function next(state: StateOf<T>, event: EventOf<T>): StateOf<T> | null {
    const row: Table[string] = table[state];
    const target = Object.hasOwn(row, event) ? row[event] : undefined;
    return target !== undefined && isState(target) ? target : null;
  }
  return {
    states: Object.keys(table).filter(isState),
    next,
    can: (state, event) => next(state, event) !== null,
    events: (state) => Object.keys(table[state]).filter(isEvent),
    isFinal: (state) => Object.keys(table[state]).length === 0,
  };
}

/** The states of a run. */
export const runLifecycle = defineLifecycle({
  pending: { start: 'running', close: 'closed' },
  running: { wait: 'waiting', pause: 'paused', close: 'closed' },
  waiting: { proceed: 'running', pause: 'paused', close: 'closed' },
  paused: { proceed: 'running', close: 'closed' },
  closed: { start: 'running' },
});

/** The states of a step, and of one host within a step. */
export const stepLifecycle = defineLifecycle({
  pending: { start: 'running', skip: 'skipped', cancel: 'cancelled' },
  running: { succeed: 'succeeded', fail: 'failed', skip: 'skipped', cancel: 'cancelled', lose: 'unknown' },
  unknown: { succeed: 'succeeded', fail: 'failed', start: 'running', undo: 'undone' },
  succeeded: { undo: 'undone' },
  failed: { start: 'running', undo: 'undone' },
  cancelled: { start: 'running', undo: 'undone' },
  skipped: { start: 'running' },
  undone: { start: 'running' },
});
