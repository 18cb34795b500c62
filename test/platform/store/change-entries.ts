import type { Scope } from '../../../workflows/domain/authorization';
import type { AnyJournalEntry, JournalPayloads } from '../../../workflows/domain/journal';
import { entry } from './entries';

/** Entries of a change with every field filled in; a test names only what it is about. */
export function changeOpened(
  number: number,
  change: Partial<JournalPayloads['change.opened']> = {},
  at = 1_000,
): AnyJournalEntry {
  const draft = { model: 'change/normal', runbook: 'deploy', title: `Change ${number}` };
  const opened = { number, title: draft.title, model: draft.model, requester: 'user/anna', draft, ...change };
  return entry('change.opened', opened, { at });
}

export function changePlanned(items: readonly string[], generation = 1, at = 1_100, scope?: Scope): AnyJournalEntry {
  const plan = {
    planHash: `h${generation}`,
    planDigest: `p${generation}`,
    definition: 'deploy@1.0.0',
    hosts: items.length,
  };
  return entry(
    'change.planned',
    { generation, ...plan, items, ...(scope === undefined ? {} : { scope }) },
    { key: `planned@${generation}`, at },
  );
}

export function changeScheduled(
  change: Partial<JournalPayloads['change.scheduled']> = {},
  at = 1_200,
): AnyJournalEntry {
  const window = { startMs: 100_000, endMs: 200_000, cutoffMs: 0, preparationMs: 10_000 };
  const scheduled = { ...window, assignees: [], reason: 'submitted', ...change };
  return entry('change.scheduled', scheduled, { key: `scheduled@${at}`, at });
}

export function changeState(to: string, at = 1_300): AnyJournalEntry {
  const state = { from: 'draft', to, event: 'e', reason: `because of ${to}`, hash: `hash of ${to}` };
  return entry('change.state', state, { key: `state@${at}/${to}`, at });
}

export function changeEnded(at = 9_000): AnyJournalEntry {
  const ended = { outcome: 'successful', flags: {}, runId: 'r1', stateDigest: 'd1' };
  return entry('change.ended', ended, { key: `ended@${at}`, at });
}
