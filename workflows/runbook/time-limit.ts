import type { Failure } from '../domain/failure';
import type { Here } from './here';
import { race } from './race';

/** The body against an absolute time: when it passes, what is in flight is cancelled, and the failure is what came of it. */
export async function withDeadline<T>(
  until: number | null,
  here: Here,
  parts: { readonly body: (here: Here) => Promise<T>; readonly expired: (failure: Failure) => T },
): Promise<T> {
  if (until === null) return parts.body(here);
  return race<T>(here.effects, [
    (effects) => parts.body({ ...here, effects }),
    async (effects) => {
      await effects.waitFor(() => false, until);
      return parts.expired(timedOut);
    },
  ]);
}

const timedOut: Failure = { code: 'TIMEOUT', message: 'Cannot finish in time: the time limit has passed' };
