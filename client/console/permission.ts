import { isAllowedSomewhere, rolesFor } from '../../workflows/domain/authorization';
import type { Action } from '../../workflows/domain/authorization';
import { useMe } from './me';

/**
 * Why somebody may not do this anywhere, or null. What may be done to one thing is the API's to say: it refuses with
 * the same words, which the page then shows.
 */
export function useRefusal(action: Action): string | null {
  const me = useMe();
  if (me.data === undefined || isAllowedSomewhere(me.data.grants, action)) return null;
  return `Your roles (${me.data.roles.join(', ') || 'none'}) do not allow it. It takes ${rolesFor(action).join(' or ')}.`;
}
