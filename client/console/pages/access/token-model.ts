import { roles } from '../../../../workflows/domain/authorization';
import type { Role } from '../../../../workflows/domain/authorization';
import type { SentOf } from '../../request';

export type TokenStanding = 'valid' | 'revoked' | 'expired';

export function tokenStanding(
  { revokedAt, expiresAt }: { readonly revokedAt: number | null; readonly expiresAt: number },
  nowMs: number,
): TokenStanding {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= nowMs ? 'expired' : 'valid';
}

export interface TokenForm {
  readonly name: string;
  readonly days: string;
  /** None: everything that its owner may do. */
  readonly roles: readonly Role[];
  /** `environment: staging, test` on each line; only with roles. */
  readonly where: string;
}

export const emptyTokenForm: TokenForm = { name: '', days: '90', roles: [], where: '' };

export interface TokenRequest {
  readonly body: SentOf<'POST /tokens'>;
  readonly problems: { readonly [field: string]: string };
}

export function tokenRequest(form: TokenForm): TokenRequest {
  const days = Number(form.days);
  const where = selectorIn(form.where);
  const problems = {
    ...(form.name.trim() === '' ? { name: 'Say what it is for: it is told by its name later' } : {}),
    ...(Number.isInteger(days) && days >= 1 && days <= 366 ? {} : { days: 'Between 1 and 366 days' }),
    ...(where === null
      ? { where: 'Expected a label, a colon and values on each line: environment: staging, test' }
      : {}),
    ...(form.where.trim() !== '' && form.roles.length === 0 ? { where: 'Choose the roles that it holds for' } : {}),
  };
  const body = {
    name: form.name.trim(),
    days,
    ...(form.roles.length === 0 ? {} : { roles: form.roles }),
    ...(where === null || Object.keys(where).length === 0 ? {} : { where }),
  };
  return { body, problems };
}

/** In the order of the policy, whatever order they were chosen in. */
export function withRole(chosen: readonly Role[], role: Role, isChosen: boolean): readonly Role[] {
  return roles.filter((each) => (each === role ? isChosen : chosen.includes(each)));
}

/** Null: it cannot be read. */
function selectorIn(text: string): { readonly [label: string]: readonly string[] } | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => {
    const [label = '', values = ''] = line.split(':', 2).map((part) => part.trim());
    return [
      label,
      values
        .split(',')
        .map((value) => value.trim())
        .filter((value) => value !== ''),
    ] as const;
  });
  const isWhole = pairs.every(([label, values]) => label !== '' && values.length > 0);
  return isWhole ? Object.fromEntries(pairs) : null;
}
