import { z } from 'zod';

import { rolesFor } from '../../workflows/domain/authorization';
import type { Action, Scope } from '../../workflows/domain/authorization';
import { actsIn } from '../../workflows/change/messages';
import type { ChangeAction } from '../../workflows/change/messages';
import type { Access } from '../access';

/** Why the caller is refused what could be done to a thing, by the name of the deed; what they may do is absent. */
export const Refusals = z.record(z.string(), z.string());
export type Refusals = z.infer<typeof Refusals>;

/** Of these deeds, to something of this scope. */
export function refusalsOf(access: Access, scope: Scope, deeds: readonly Action[]): Refusals {
  return Object.fromEntries(
    deeds.flatMap((action) =>
      access.may(action, scope) ? [] : [[action, `No grant of yours allows it here. ${takes(action)}`]],
    ),
  );
}

function takes(action: Action): string {
  return `It takes ${rolesFor(action).join(' or ')}.`;
}

type Act = ChangeAction['action'];

interface OwnedChange {
  readonly scope: Scope;
  readonly requester: string;
}

/** What they make of a change is put to approvers in the name of its requester, who alone is kept from approving it. */
const requesterOnly: ReadonlySet<Act> = new Set<Act>(['edit', 'revise', 'reschedule']);

/** Of all acts on a change, besides what its phase refuses to everybody. */
export function changeRefusals(access: Access, change: OwnedChange): Refusals {
  const { 'change.write': forbidden, ...others } = refusalsOf(access, change.scope, ['change.write', 'task.answer']);
  const acts = [...new Set(Object.values(actsIn).flat())];
  const refused = acts.flatMap((act) => {
    const reason = forbidden ?? othersRefusal(act, change, access);
    return reason === null ? [] : [[act, reason]];
  });
  return { ...others, ...Object.fromEntries(refused) };
}

/** Why this act is its requester's alone, or null. The admin token is nobody: what it does, it does for somebody whom it names. */
export function othersRefusal(
  act: Act,
  { requester }: Pick<OwnedChange, 'requester'>,
  { actor, proof }: Access,
): string | null {
  if (!requesterOnly.has(act) || proof.kind === 'admin-token' || requester === actor) return null;
  return `It is ${requester}'s: open another, or ask them.`;
}
