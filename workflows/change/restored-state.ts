import type { Json } from '../domain/json';
import { changeLifecycle } from './lifecycle';
import type { ChangeState } from './state';

/** What `saveState` has stored. Other content means that the store does not hold what it says. */
export function restoredState(stored: Json): ChangeState {
  if (!isChangeState(stored)) throw new Error('Cannot enter the change: what is stored is not its state');
  return stored;
}

function isChangeState(value: unknown): value is ChangeState {
  return (
    typeof value === 'object' &&
    value !== null &&
    'phase' in value &&
    changeLifecycle.states.some((phase) => phase === value.phase) &&
    'draft' in value &&
    'acts' in value
  );
}
