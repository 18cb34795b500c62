import type { LoadedGrant } from '../document';
import type { Problem } from '../problems';
import { atValue } from './note';

const grantees = ['people', 'teams', 'groups'] as const;

/** A list may be empty: that is how a grant is taken back. */
export function lintGrant(document: LoadedGrant): Problem[] {
  if (grantees.some((key) => document.spec[key] !== undefined)) return [];
  const message = 'Cannot grant a role: the document says neither people nor teams nor groups';
  return [atValue(document, ['spec'], { code: 'MISSING_KEY', message, accepted: grantees })];
}
