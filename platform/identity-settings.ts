import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { isLoopback } from './api-settings';
import { Secret } from './secret';

/** Who tells us who people are. Null: not set up. */
export interface IdentitySettings {
  readonly oidc: OidcSettings | null;
  readonly ldap: LdapSettings | null;
}

export interface OidcSettings {
  /** As the provider writes it: it is compared with what its answers say. */
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which PKCE alone protects. */
  readonly clientSecret: Secret | null;
  readonly scopes: readonly string[];
  /** Null: the first one there is of `preferred_username`, `email` (verified), `sub`. */
  readonly loginClaim: string | null;
  readonly groupsClaim: string;
}

export interface LdapSettings {
  readonly url: string;
  /** Upgrades the connection before anything is sent. */
  readonly startTls: boolean;
  /** Of the directory's authority; null: those that Node.js trusts. */
  readonly certificateAuthority: Buffer | null;
  /** Null: asks without a name. */
  readonly bind: { readonly dn: string; readonly password: Secret } | null;
  readonly base: string;
  /** Finds a person; `{login}` stands for their login. */
  readonly personFilter: string;
  /** Finds the groups of a person; `{dn}` and `{login}` stand for them. */
  readonly groupFilter: string;
  /** Attribute that names a group. */
  readonly groupName: string;
}

const SecretText = z.string().transform((text) => new Secret(text));
const SecretFile = z.string().transform(readSecretOrReport);
const Filter = z.string().regex(/^\(.*\)$/, 'Expected a filter in parentheses');
const Flag = z
  .enum(['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off'])
  .transform((text) => ['1', 'true', 'yes', 'on'].includes(text));

export const identityVariables = {
  MAINSTAY_OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'Expected an http or https address' }).optional(),
  MAINSTAY_OIDC_CLIENT_ID: z.string().optional(),
  MAINSTAY_OIDC_CLIENT_SECRET: SecretText.optional(),
  MAINSTAY_OIDC_CLIENT_SECRET_FILE: SecretFile.optional(),
  MAINSTAY_OIDC_SCOPES: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((scope) => scope !== ''))
    .refine((scopes) => scopes.includes('openid'), 'Expected "openid" among the scopes')
    .optional(),
  MAINSTAY_OIDC_LOGIN_CLAIM: z.string().optional(),
  MAINSTAY_OIDC_GROUPS_CLAIM: z.string().default('groups'),
  MAINSTAY_LDAP_URL: z.url({ protocol: /^ldaps?$/, error: 'Expected ldap://host or ldaps://host' }).optional(),
  MAINSTAY_LDAP_START_TLS: Flag.default(false),
  MAINSTAY_LDAP_CA_FILE: z.string().transform(readOrReport).optional(),
  MAINSTAY_LDAP_BIND_DN: z.string().optional(),
  MAINSTAY_LDAP_BIND_PASSWORD: SecretText.optional(),
  MAINSTAY_LDAP_BIND_PASSWORD_FILE: SecretFile.optional(),
  MAINSTAY_LDAP_BASE: z.string().optional(),
  MAINSTAY_LDAP_PERSON_FILTER: Filter.default('(uid={login})'),
  MAINSTAY_LDAP_GROUP_FILTER: Filter.default('(|(member={dn})(uniqueMember={dn})(memberUid={login}))'),
  MAINSTAY_LDAP_GROUP_NAME: z.string().default('cn'),
} as const;

const IdentityVariables = z.object(identityVariables);
type IdentityVariables = z.infer<typeof IdentityVariables>;

const usualScopes = ['openid', 'profile', 'email'];

export function identitySettings(variables: IdentityVariables): IdentitySettings {
  return { oidc: oidcSettings(variables), ldap: ldapSettings(variables) };
}

/** What is of no use without something else, or not together with it. */
export function identityContradictions(
  variables: IdentityVariables & { readonly MAINSTAY_PUBLIC_URL?: string | undefined },
): readonly string[] {
  const needs: readonly (readonly [name: keyof typeof variables, needed: keyof typeof variables])[] = [
    ['MAINSTAY_OIDC_ISSUER', 'MAINSTAY_OIDC_CLIENT_ID'],
    ['MAINSTAY_OIDC_ISSUER', 'MAINSTAY_PUBLIC_URL'],
    ['MAINSTAY_OIDC_CLIENT_ID', 'MAINSTAY_OIDC_ISSUER'],
    ['MAINSTAY_OIDC_CLIENT_SECRET', 'MAINSTAY_OIDC_ISSUER'],
    ['MAINSTAY_OIDC_CLIENT_SECRET_FILE', 'MAINSTAY_OIDC_ISSUER'],
    ['MAINSTAY_OIDC_SCOPES', 'MAINSTAY_OIDC_ISSUER'],
    ['MAINSTAY_OIDC_LOGIN_CLAIM', 'MAINSTAY_OIDC_ISSUER'],
    ['MAINSTAY_LDAP_URL', 'MAINSTAY_LDAP_BASE'],
    ['MAINSTAY_LDAP_BASE', 'MAINSTAY_LDAP_URL'],
    ['MAINSTAY_LDAP_CA_FILE', 'MAINSTAY_LDAP_URL'],
    ['MAINSTAY_LDAP_BIND_DN', 'MAINSTAY_LDAP_URL'],
    ['MAINSTAY_LDAP_BIND_PASSWORD', 'MAINSTAY_LDAP_BIND_DN'],
    ['MAINSTAY_LDAP_BIND_PASSWORD_FILE', 'MAINSTAY_LDAP_BIND_DN'],
  ];
  const excludes: readonly (readonly [name: keyof typeof variables, other: keyof typeof variables])[] = [
    ['MAINSTAY_OIDC_CLIENT_SECRET', 'MAINSTAY_OIDC_CLIENT_SECRET_FILE'],
    ['MAINSTAY_LDAP_BIND_PASSWORD', 'MAINSTAY_LDAP_BIND_PASSWORD_FILE'],
  ];
  return [
    ...needs
      .filter(([name, needed]) => variables[name] !== undefined && variables[needed] === undefined)
      .map(([name, needed]) => `${needed}: Expected with ${name}`),
    ...excludes
      .filter(([name, other]) => variables[name] !== undefined && variables[other] !== undefined)
      .map(([name, other]) => `${other}: Expected without ${name}`),
    ...bindContradictions(variables),
    ...tlsContradictions(variables),
    ...inTheClear(variables),
  ];
}

function bindContradictions(variables: IdentityVariables): readonly string[] {
  if (variables.MAINSTAY_LDAP_BIND_DN === undefined || bindPassword(variables) !== null) return [];
  // A name without a password is taken as nobody by most directories, and answers then are empty rather than refused.
  return ['MAINSTAY_LDAP_BIND_PASSWORD: Expected with MAINSTAY_LDAP_BIND_DN, or MAINSTAY_LDAP_BIND_PASSWORD_FILE'];
}

/** Who is in which group decides over what people may do, and the password of who asks goes along: neither crosses a network in the clear. */
function tlsContradictions({ MAINSTAY_LDAP_URL: url, MAINSTAY_LDAP_START_TLS: startTls }: IdentityVariables) {
  if (url === undefined) return [];
  const { protocol, hostname } = new URL(url);
  if (startTls && protocol === 'ldaps:')
    return ['MAINSTAY_LDAP_START_TLS: Expected with ldap://, for ldaps:// is encrypted from the start'];
  if (startTls || protocol === 'ldaps:' || isOnThisMachine(hostname)) return [];
  return [
    `MAINSTAY_LDAP_URL: Expected ldaps://, or MAINSTAY_LDAP_START_TLS=yes, for "${hostname}" is reached over a network`,
  ];
}

/** Codes, tokens and cookies of people do not cross a network in the clear. */
function inTheClear(
  variables: IdentityVariables & { readonly MAINSTAY_PUBLIC_URL?: string | undefined },
): readonly string[] {
  const { MAINSTAY_OIDC_ISSUER: issuer, MAINSTAY_PUBLIC_URL: publicUrl } = variables;
  if (issuer === undefined) return [];
  return [
    ...(isPrivateWay(issuer) ? [] : ['MAINSTAY_OIDC_ISSUER: Expected an https address']),
    ...(publicUrl === undefined || isPrivateWay(publicUrl)
      ? []
      : ['MAINSTAY_PUBLIC_URL: Expected an https address with MAINSTAY_OIDC_ISSUER']),
  ];
}

function isPrivateWay(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || isOnThisMachine(hostname);
}

/** Of a name or address as it stands in a URL. */
export function isOnThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

function oidcSettings(variables: IdentityVariables): OidcSettings | null {
  const { MAINSTAY_OIDC_ISSUER: issuer, MAINSTAY_OIDC_CLIENT_ID: clientId } = variables;
  if (issuer === undefined || clientId === undefined) return null;
  return {
    issuer,
    clientId,
    clientSecret: variables.MAINSTAY_OIDC_CLIENT_SECRET ?? variables.MAINSTAY_OIDC_CLIENT_SECRET_FILE ?? null,
    scopes: variables.MAINSTAY_OIDC_SCOPES ?? usualScopes,
    loginClaim: variables.MAINSTAY_OIDC_LOGIN_CLAIM ?? null,
    groupsClaim: variables.MAINSTAY_OIDC_GROUPS_CLAIM,
  };
}

function ldapSettings(variables: IdentityVariables): LdapSettings | null {
  const { MAINSTAY_LDAP_URL: url, MAINSTAY_LDAP_BASE: base, MAINSTAY_LDAP_BIND_DN: dn } = variables;
  if (url === undefined || base === undefined) return null;
  const password = bindPassword(variables);
  return {
    url,
    startTls: variables.MAINSTAY_LDAP_START_TLS,
    certificateAuthority: variables.MAINSTAY_LDAP_CA_FILE ?? null,
    bind: dn === undefined || password === null ? null : { dn, password },
    base,
    personFilter: variables.MAINSTAY_LDAP_PERSON_FILTER,
    groupFilter: variables.MAINSTAY_LDAP_GROUP_FILTER,
    groupName: variables.MAINSTAY_LDAP_GROUP_NAME,
  };
}

function bindPassword(variables: IdentityVariables): Secret | null {
  return variables.MAINSTAY_LDAP_BIND_PASSWORD ?? variables.MAINSTAY_LDAP_BIND_PASSWORD_FILE ?? null;
}

function readSecretOrReport(path: string, context: z.core.$RefinementCtx): Secret {
  // Editors and `echo` end a file with a line feed, which no secret does.
  return new Secret(
    readOrReport(path, context)
      .toString('utf8')
      .replace(/\r?\n$/, ''),
  );
}

function readOrReport(path: string, context: z.core.$RefinementCtx): Buffer {
  try {
    return readFileSync(path);
  } catch {
    context.addIssue({ code: 'custom', message: `Cannot read file "${path}"`, input: path });
    return z.NEVER;
  }
}
