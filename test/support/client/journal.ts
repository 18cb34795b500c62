import type { AnyJournalEntry } from '../../../workflows/domain/journal';

type Entry<K extends AnyJournalEntry['kind']> = Extract<AnyJournalEntry, { kind: K }>;

/** The first entry of a run. */
export function runCreated(change: Partial<Entry<'run.created'>['payload']> = {}): AnyJournalEntry {
  const payload = {
    number: 12,
    definition: { name: 'hello', version: '1.0.0', digest: 'd', title: 'Hello', owner: 'team/web' },
    planHash: 'aa',
    planDigest: 'bb',
    requester: 'user/anna',
    inputs: {},
    parent: null,
    labels: {},
    ...change,
  };
  return { key: 'run.created', kind: 'run.created', at: 1, actor: 'user/anna', via: 'cli', payload };
}

/** The last entry of a run that succeeded. */
export function runEnded(change: Partial<Entry<'run.ended'>['payload']> = {}): AnyJournalEntry {
  const payload = {
    outcome: 'succeeded' as const,
    degraded: false,
    outputs: {},
    error: null,
    undone: [],
    exceptions: [],
    stateDigest: null,
    ...change,
  };
  return { key: 'run.ended', kind: 'run.ended', at: 2_000, actor: 'engine', via: 'worker', payload };
}
