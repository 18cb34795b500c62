import { isAllowedSomewhere, rolesFor } from '../../workflows/domain/authorization';
import type { Action } from '../../workflows/domain/authorization';
import type { Refusals } from './answers';
import { useMe } from './me';

/**
 * Why somebody may not do this, or null. Of one thing the API says it with the thing; where none is given, this is about whether they
 * may do it anywhere.
 */
export function useRefusal(action: Action, told?: Refusals): string | null {
  const me = useMe();
  if (told !== undefined) return told[action] ?? null;
  if (me.data === undefined || isAllowedSomewhere(me.data.grants, action)) return null;
  return `Your roles (${me.data.roles.join(', ') || 'none'}) do not allow it. It takes ${rolesFor(action).join(' or ')}.`;
}
