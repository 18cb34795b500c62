import { knownSets } from './looking';
import { note } from './here';
import type { Here } from './here';
import type { OperationWork } from './messages';
import type { Ended } from './operation';
import { providerRole } from './provider';
import { askRole, problemsText } from './role-outputs';

type VerifyWork = Extract<OperationWork, { kind: 'verify' }>;

export type Checkable = 'V1' | 'V2';

export interface Check {
  /** What the tool calls the set. */
  readonly toolId: string;
  readonly level: Checkable;
  readonly readPercent: number;
  readonly seed: number;
}

export type Checked =
  | { readonly kind: 'intact'; readonly readPercent: number }
  | { readonly kind: 'broken'; readonly reason: string }
  /** Nothing is known of it. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Looks whether the bytes of one set are intact; writes nothing down. */
export async function checkSet({ toolId, level, readPercent, seed }: Check, here: Here): Promise<Checked> {
  const runbook = providerRole(here, 'verify');
  const answer = await askRole(
    { runbook, inputs: { set: toolId, level, readPercent, seed } },
    { intact: 'flag', readPercent: 'number', problems: 'list' },
    here,
  );
  if (!answer.ok) return { kind: 'unknown', reason: answer.reason };
  const { intact, problems, readPercent: read } = answer.told;
  if (intact) return { kind: 'intact', readPercent: read };
  return { kind: 'broken', reason: `${level}: ${problems.length === 0 ? 'it is not intact' : problemsText(problems)}` };
}

/** V2 without V1 says nothing: a sample may match where the rest is damaged. So V1 is looked at first. */
export async function verifySet({ set, level, readPercent, seed }: VerifyWork, here: Here): Promise<Ended> {
  const known = (await knownSets(here)).find(({ id }) => id === set);
  if (known === undefined)
    return { outcome: 'failed', reason: `Cannot verify backup "${set}": nobody knows it`, set: null };
  const levels: readonly Checkable[] = level === 'V1' ? ['V1'] : ['V1', 'V2'];
  for (const each of levels) {
    const checked = await checkSet({ toolId: known.setId, level: each, readPercent, seed }, here);
    switch (checked.kind) {
      case 'unknown':
        return { outcome: 'blocked', reason: checked.reason, set };
      case 'broken':
        note(here, 'backup.broken', { set, reason: checked.reason });
        return { outcome: 'failed', reason: checked.reason, set };
      case 'intact':
        note(here, 'backup.level', {
          set,
          levels: [each],
          atMs: here.effects.now(),
          readPercent: checked.readPercent,
        });
    }
  }
  return { outcome: 'succeeded', reason: `intact at ${level}`, set, alarms: {} };
}
