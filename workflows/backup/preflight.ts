import { preflightVerdict } from '../domain/backup-preflight';
import type { PreflightVerdict, RepositoryLock } from '../domain/backup-preflight';
import { minuteMs } from '../domain/duration';
import type { FoundAlarms } from './alarm-names';
import { asJson } from './here';
import type { Here } from './here';
import { hasRole, providerRole } from './provider';
import { askRole, isTold } from './role-outputs';
import { enter } from './stage';

export interface Versions {
  readonly tool: string;
  /** Empty: there is no server. */
  readonly server: string;
}

export type Around =
  | { readonly ok: true; readonly verdict: PreflightVerdict; readonly versions: Versions }
  | { readonly ok: false; readonly reason: string };

/** Looks only. */
export async function lookAround(here: Here): Promise<Around> {
  const { effects, input } = here;
  const askedAtMs = effects.now();
  const runbook = providerRole(here, 'preflight');
  const answer = await askRole({ runbook, inputs: {} }, preflightShape, here);
  if (!answer.ok) return answer;
  const { toolVersion, serverVersion, freeBytes, neededBytes, clockMs, lagSeconds, locks } = answer.told;
  const known = locks.filter((lock) => isTold(lock, lockShape));
  if (known.length < locks.length)
    return { ok: false, reason: `${runbook} told of locks without saying whose they are` };
  const clock = { hostMs: clockMs, askedAtMs, answeredAtMs: effects.now() };
  const found = { toolVersion, serverVersion, freeBytes, neededBytes, clock, lagSeconds };
  return {
    ok: true,
    verdict: preflightVerdict({ ...found, locks: known.map(lockOf) }, input.plan.watch),
    versions: { tool: toolVersion, server: serverVersion },
  };
}

const preflightShape = {
  toolVersion: 'text',
  serverVersion: 'text',
  freeBytes: 'number',
  neededBytes: 'number',
  clockMs: 'number',
  lagSeconds: 'number',
  locks: 'list',
} as const;

const lockShape = { id: 'text', host: 'text', pid: 'number', holder: 'text', sinceMs: 'number' } as const;

/** Whatever is not said to be alive or gone is not known (R-BKP-12). */
function lockOf(lock: Omit<RepositoryLock, 'holder'> & { readonly holder: string }): RepositoryLock {
  const { holder } = lock;
  return { ...lock, holder: holder === 'alive' || holder === 'gone' ? holder : 'unknown' };
}

export type Way =
  | { readonly clear: true; readonly versions: Versions; readonly alarms: FoundAlarms }
  | { readonly clear: false; readonly reason: string; readonly alarms: FoundAlarms };

/** Somebody else may work with the repository for this long; a backup that comes later than that is not the one that was due. */
const longestWaitMs = 30 * minuteMs;

/** R-BKP-12: waits for whoever works with the repository, breaks once what is proven dead, and touches nothing else. */
export async function clearTheWay(here: Here): Promise<Way> {
  const { effects } = here;
  const until = effects.now() + longestWaitMs;
  let hasUnlocked = false;
  for (;;) {
    enter(here, 'preflight');
    const around = await lookAround(here);
    if (!around.ok) return { clear: false, reason: around.reason, alarms: { preflight: around.reason } };
    const { next, alarms } = around.verdict;
    const blocked = (reason: string): Way => ({ clear: false, reason, alarms: { ...alarms, locks: reason } });
    switch (next.kind) {
      case 'go':
        return { clear: true, versions: around.versions, alarms };
      case 'stop':
        return { clear: false, reason: next.reason, alarms };
      case 'ask':
        return blocked(`nobody can prove that the holder of ${locksText(next.locks)} is gone`);
      case 'wait':
        if (effects.now() >= until) return blocked(`${locksText(next.locks)} is held for too long`);
        enter(here, 'waiting', `${locksText(next.locks)} is held`);
        await effects.sleep(minuteMs);
        break;
      case 'unlock': {
        if (hasUnlocked) return blocked(`${locksText(next.locks)} could not be broken`);
        hasUnlocked = true;
        const problem = await unlock(next.locks, here);
        if (problem !== null) return blocked(problem);
      }
    }
  }
}

/** Null: it was tried; the next preflight tells what became of them. */
async function unlock(locks: readonly RepositoryLock[], here: Here): Promise<string | null> {
  const cannot = `Cannot break ${locksText(locks)}`;
  if (!hasRole(here, 'unlock')) return `${cannot}: the provider has no way to`;
  enter(here, 'unlocking', locksText(locks));
  const inputs = { locks: asJson(locks.map(({ id }) => id)) };
  const answer = await askRole({ runbook: providerRole(here, 'unlock'), inputs }, { broken: 'list' }, here);
  return answer.ok ? null : `${cannot}: ${answer.reason}`;
}

function locksText(locks: readonly RepositoryLock[]): string {
  const names = locks.map(({ id, host, pid }) => `"${id}" (process ${pid} on ${host})`);
  return `lock ${names.join(', ')}`;
}
