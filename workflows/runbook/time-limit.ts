import type { Failure } from '../domain/failure';
import type { Here } from './here';
import { race } from './race';

/** The body against an absolute time: when it passes, what is in flight is cancelled, and that is a failure. */
export async function withDeadline(
  until: number | null,
  here: Here,
  body: (here: Here) => Promise<Failure | null>,
): Promise<Failure | null> {
  if (until === null) return body(here);
  return race<Failure | null>(here.effects, [
    (effects) => body({ ...here, effects }),
    async (effects) => {
      await effects.waitFor(() => false, until);
      return { code: 'TIMEOUT', message: 'Cannot finish in time: the time limit has passed' };
    },
  ]);
}
