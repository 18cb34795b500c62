import { isSameProcess } from '../../platform/process-identity';
import type { ProcessIdentity } from '../../platform/process-identity';

const limitMs = 15_000;

/** Looks again and again until there is no such process; what stays longer than the limit is an error. */
export async function waitUntilGone(identity: ProcessIdentity): Promise<void> {
  const until = Date.now() + limitMs;
  while (await isSameProcess(identity)) {
    if (Date.now() > until) throw new Error(`Cannot see process ${String(identity.pid)} end: it is still there`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
