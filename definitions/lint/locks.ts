import type { LoadedRunbook } from '../document';
import type { Problem } from '../problems';
import { atValue, stepName } from './note';
import { plainLocks } from './step-sites';
import type { StepSite } from './step-sites';

/** Locks are taken in the order of their names (D13), so that two runs never wait for each other. */
export function lintLocks(document: LoadedRunbook, sites: readonly StepSite[]): Problem[] {
  return sites.flatMap((site) => {
    const last = [...site.held].sort().at(-1);
    const early = plainLocks(site.step).filter(
      (lock) => last !== undefined && lock < last && !site.held.includes(lock),
    );
    return early.map((lock) => {
      const message = `Cannot take the lock "${lock}" in ${stepName(site.step)}: "${last}" is held already and comes after it`;
      const index = 'locks' in site.step ? (site.step.locks ?? []).indexOf(lock) : 0;
      return atValue(document, [...site.path, 'locks', index], { code: 'LOCK_ORDER', message, found: lock });
    });
  });
}
