import type { Json } from '../domain/json';
import type { JournalKind, JournalPayloads } from '../domain/journal';
import type { Effects } from '../effects';
import type { OperationInput } from './messages';
import type { OperationState } from './operation-state';

/** What every part of an operation is given. */
export interface Here {
  readonly input: OperationInput;
  readonly state: OperationState;
  readonly effects: Effects;
}

export function within(here: Here, effects: Effects): Here {
  return { ...here, effects };
}

export type BackupEntryKind = Extract<JournalKind, `backup.${string}`>;

/** One fact of the operation in its journal. Facts are numbered: the same procedure writes the same numbers. */
export function note<K extends BackupEntryKind>({ state, effects }: Here, kind: K, payload: JournalPayloads[K]): void {
  state.counters.facts += 1;
  effects.record({ key: `backup@${state.counters.facts}/do/${kind}`, kind, payload });
}

/** Unique over all processes: it begins with the operation. */
export function nextTaskId({ input, state }: Here): string {
  state.counters.tasks += 1;
  return `${input.operation.id}-${state.counters.tasks}`;
}

/** What is JSON by construction; an interface has no index signature to prove it with. */
export function asJson(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}
