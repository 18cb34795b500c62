import type { Action, Scope } from '../../workflows/domain/authorization';
import { forbidden } from '../access';
import type { Access } from '../access';
import type { ApiContext } from './context';
import type { RequestError } from './errors';

/** What the caller must be allowed to do; or be signed in, whatever they may do; or not even that. */
export type Admission = Action | 'signed-in' | 'anybody';

/** The one thing that a call is about. */
export interface Subject {
  readonly scope: Scope;
  /** By what they see it, where that is less than what they do to it. Absent: its scope. */
  readonly seenAs?: Scope;
  /** Whoever may not do this does not learn that it exists. */
  readonly seenBy: Action;
  /** What is said where there is no such thing. */
  readonly missing: () => RequestError;
}

/**
 * What a call is about:
 *
 * - `anything`: nothing of one scope; a grant of the action somewhere is enough.
 * - `everything`: the installation as a whole; a grant of the action everywhere is needed.
 * - `filtered`: many things; the handler answers only what `call.caller.access` allows.
 * - a function: that one thing. Null: there is none, which the handler says.
 */
export type About<C> =
  'anything' | 'everything' | 'filtered' | ((call: C, context: ApiContext) => Promise<Subject | null>);

/** Before anything of a request is read: whoever has no such grant at all learns nothing more. */
export function admitAtAll(access: Access, admission: Admission, about: About<never>): void {
  if (admission === 'signed-in' || admission === 'anybody') return;
  if (about === 'everything') return access.require(admission, {});
  if (!access.maySomewhere(admission)) throw forbidden(access, admission);
}

export function admitTo(
  access: Access,
  admission: Admission,
  { scope, seenAs = scope, seenBy, missing }: Subject,
): void {
  if (admission === 'signed-in' || admission === 'anybody') return;
  if (!access.may(seenBy, seenAs)) throw missing();
  access.require(admission, scope);
}
