import { isInterruption } from '../effects';
import type { JsonObject } from '../domain/json';
import { within } from './here';
import type { Here } from './here';
import type { OperationWork } from './messages';
import { callRole, providerRole } from './provider';
import { askRole } from './role-outputs';
import { enter } from './stage';

export type BackupWork = Extract<OperationWork, { kind: 'backup' }>;

const backupShape = {
  exitCode: 'number',
  setId: 'text',
  kind: 'text',
  parent: 'text',
  sizeBytes: 'number',
  storedBytes: 'number',
  startedAtMs: 'number',
  endedAtMs: 'number',
  digest: 'text',
  manifest: 'object',
} as const;

/** What the provider tells of a backup that it took. */
export interface Taken {
  readonly exitCode: number;
  readonly setId: string;
  readonly kind: string;
  readonly parent: string;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly digest: string;
  readonly manifest: JsonObject;
}

type Attempt =
  | { readonly kind: 'taken'; readonly taken: Taken }
  /** Nothing was begun. */
  | { readonly kind: 'blocked'; readonly reason: string }
  /** It may have left something in the repository. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'called-off' };

/** What holds the source still lets it go again, whatever became of the backup. */
export async function betweenHooks(
  work: BackupWork,
  here: Here,
): Promise<{ readonly attempt: Attempt; readonly thawing: string | null }> {
  const attempt = await attemptBackup(work, here);
  const thawing = await here.effects.shield((inner) => runHook('after', within(here, inner)));
  return { attempt, thawing };
}

async function attemptBackup(work: BackupWork, here: Here): Promise<Attempt> {
  try {
    const problem = await runHook('before', here);
    if (problem !== null) return { kind: 'blocked', reason: problem };
    enter(here, 'backing up');
    const answer = await askRole(
      { runbook: providerRole(here, 'backup'), inputs: { kind: work.wanted, label: here.input.operation.id } },
      backupShape,
      here,
    );
    return answer.ok ? { kind: 'taken', taken: answer.told } : { kind: 'failed', reason: answer.reason };
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') return { kind: 'called-off' };
    throw error;
  }
}

/** Null: it went well, or there is none. */
async function runHook(when: 'before' | 'after', here: Here): Promise<string | null> {
  const { operation, plan } = here.input;
  const runbook = plan.quiesce[when];
  if (runbook === null) return null;
  const answer = await callRole({ runbook, inputs: { label: operation.id } }, here);
  return answer.ok ? null : `the hook ${when} the backup failed: ${answer.reason}`;
}
