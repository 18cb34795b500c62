import type { DeskContext } from '../approvals/desk-state';
import type { JournalPayloads } from '../domain/journal';
import type { Effects } from '../effects';
import type { BackupEntryKind } from './here';
import type { KeeperState } from './keeper-state';
import type { BackupAct, KeeperInput, OperationWork } from './messages';

/** What every part of a keeper is given. */
export interface KeeperHere {
  readonly input: KeeperInput;
  readonly state: KeeperState;
  readonly effects: Effects;
  /** Who does what is noted now; absent: the engine. */
  readonly by?: Pick<BackupAct, 'actor' | 'via'>;
}

export function as({ actor, via }: Pick<BackupAct, 'actor' | 'via'>, here: KeeperHere): KeeperHere {
  return { ...here, by: { actor, via } };
}

/**
 * One fact of the keeper in its journal. Facts are numbered: the same procedure writes the same numbers. A keeper that was lost is
 * started anew without its state, and goes on in the same journal: when it began tells its facts from those before.
 */
export function noteKept<K extends BackupEntryKind>(here: KeeperHere, kind: K, payload: JournalPayloads[K]): void {
  const { state, effects, by } = here;
  state.counters.facts += 1;
  const key = `backup@${lifeOf(here)}.${state.counters.facts}/do/${kind}`;
  effects.record({ key, kind, payload, ...(by === undefined ? {} : { actor: by.actor, via: by.via }) });
}

/** Unique over all processes: it begins with the keeper. */
export function nextKeeperTask(here: KeeperHere): string {
  const { input, state } = here;
  state.counters.tasks += 1;
  return `${input.keeper.id}-${lifeOf(here)}-${state.counters.tasks}`;
}

export function lifeOf({ input }: Pick<KeeperHere, 'input'>): string {
  return input.keeper.createdAt.toString(36);
}

export function keeperDesk(here: KeeperHere): DeskContext {
  return { effects: here.effects, nextTaskId: () => nextKeeperTask(here) };
}

/** What an operation is about: two of the same are not of the same use. */
export function topicOf(work: OperationWork): string {
  return work.kind === 'backup' ? `backup:${work.backup}` : work.kind;
}
