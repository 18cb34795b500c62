import type { OidcSettings } from '../../platform/identity-settings';

export interface Claims {
  readonly [claim: string]: unknown;
}

export interface ClaimsOfPerson {
  readonly login: string;
  /** For people to read. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** What the provider says of a person is of no use to us. */
export class ClaimsRefused extends Error {
  override readonly name = 'ClaimsRefused';
}

/** Of a reference `user/<login>`. Letters that look like others would make two people of one name. */
const loginPattern = /^[!-.0-~]{1,200}$/;

export function readClaims(
  claims: Claims,
  { loginClaim, groupsClaim }: Pick<OidcSettings, 'loginClaim' | 'groupsClaim'>,
): ClaimsOfPerson {
  const login = loginClaim === null ? usualLogin(claims) : textOf(claimAt(claims, loginClaim));
  if (login === null)
    throw new ClaimsRefused(`the provider tells no login: there is no claim ${loginClaim ?? 'preferred_username'}`);
  if (!loginPattern.test(login))
    throw new ClaimsRefused('the login has spaces, slashes or letters outside of ASCII, or is too long');
  return { login, name: textOf(claims['name']) ?? login, groups: groupsOf(claimAt(claims, groupsClaim)) };
}

/** An address that was not verified could be anybody's. */
function usualLogin(claims: Claims): string | null {
  const email = claims['email_verified'] === true ? textOf(claims['email']) : null;
  return textOf(claims['preferred_username']) ?? email ?? textOf(claims['sub']);
}

/** `realm_access.roles` is the claim of that name, or else one within another. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let found: unknown = claims;
  for (const part of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = new Map<string, unknown>(Object.entries(found)).get(part);
  }
  return found;
}

function groupsOf(claim: unknown): readonly string[] {
  const found: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  const groups = found.map(textOf).filter((group) => group !== null);
  return [...new Set(groups)].toSorted();
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
