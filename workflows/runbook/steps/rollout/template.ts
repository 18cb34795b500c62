import { joinPath } from '../../../domain/effect-path';
import type { PathTemplate } from '../../../domain/effect-path';

/** The place of the host is right below the rollout; the containers of the body come after it, a delegate last. */
export function templateOf(rolloutPath: string, inner: string, isDelegated: boolean): PathTemplate {
  return joinPath(rolloutPath, 'host:*', inner, isDelegated ? 'delegate:*' : '');
}
