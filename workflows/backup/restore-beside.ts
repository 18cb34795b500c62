import { hourMs } from '../domain/duration';
import type { JsonObject } from '../domain/json';
import { askAbout } from './restore-question';
import type { Beside, RestoreEnd, Restoring } from './restore-record';

/** Nobody wants it any longer than that without saying so. */
export const lookedAtForMs = 24 * hourMs;

/** It stays for as long as somebody looks at it. */
export async function keepBeside(beside: Beside, restoring: Restoring): Promise<RestoreEnd> {
  const { plan } = restoring.input;
  for (;;) {
    const { choice } = await askAbout(
      {
        about: 'beside',
        title: `${plan.service} is restored in ${beside.place.directory} on ${plan.host}: is it still needed?`,
        options: ['done', 'keep'],
        show: shownBeside(beside),
        due: { afterMs: lookedAtForMs, choice: 'done' },
      },
      restoring,
    );
    if (choice !== 'keep') return endedBeside(beside);
  }
}

function endedBeside({ failed }: Beside): RestoreEnd {
  return failed.length === 0
    ? { outcome: 'succeeded', reason: 'it was restored beside what is live' }
    : { outcome: 'failed', reason: `it was restored, but ${failedText(failed)}` };
}

export function failedText(failed: Beside['failed']): string {
  return `"${failed.map(({ name }) => name).join('", "')}" did not hold`;
}

const mostShown = 20;

export function shownBeside({ chosen, place, failed, differences }: Beside): JsonObject {
  return {
    backup: chosen.set.id,
    recoversTo: new Date(chosen.recoversToMs).toISOString(),
    loss: chosen.loss,
    directory: place.directory,
    network: place.network,
    failedAssertions: failed.map(({ name, detail }) => `${name}: ${detail}`),
    ...(chosen.manifest === null ? { assertions: 'none: no manifest of this backup was kept' } : {}),
    ...(differences === null
      ? { comparison: 'nobody could compare it with what is live' }
      : { differing: differences.length, differences: differences.slice(0, mostShown) }),
  };
}
