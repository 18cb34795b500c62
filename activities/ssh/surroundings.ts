import type { OperationContext, TargetHost } from '../connector';
import type { Collector } from './collector';
import { SshFailure } from './failures';
import type { JobSettings } from './job';
import type { SessionSettings } from './session';
import { HostSession } from './session';

/** What every operation of this connector works with. */
export interface SshSurroundings extends SessionSettings, JobSettings {
  readonly collector: Collector;
}

export function sessionOf(context: OperationContext, surroundings: SshSurroundings): HostSession {
  return new HostSession(surroundings, hostOf(context), context);
}

export function hostOf(context: OperationContext): TargetHost {
  if (context.host === undefined)
    throw new SshFailure('SSH_UNREACHABLE', 'Cannot use SSH: the operation was given no host');
  return context.host;
}
