import { z } from 'zod';

import type { SessionRow, TokenRow } from '../../platform/store/access-row';
import { roles } from '../../workflows/domain/authorization';
import type { Grant } from '../../workflows/domain/authorization';
import { Next } from './page';

export const Role = z.enum(roles);

/** Accepted values of labels; a `*` at the end stands for any rest. */
export const Selector = z.record(z.string().min(1), z.array(z.string().min(1)).min(1));

export const GrantView = z.object({ role: Role, where: z.record(z.string(), z.array(z.string())).nullable() });

export const Me = z.object({
  actor: z.string(),
  name: z.string().nullable(),
  via: z.string(),
  roles: z.array(Role),
  grants: z.array(GrantView),
  /** Sent back as `x-csrf-token` with every request that is no GET; null: not needed. */
  csrf: z.string().nullable(),
  /** The holder says in whose name it acts. */
  actsForOthers: z.boolean(),
  /** How a session was begun, and so how it ends; null: the caller has none. */
  source: z.enum(['link', 'oidc']).nullable(),
  /** Epoch ms; null: until it is taken away. */
  expiresAt: z.number().nullable(),
  installation: z.string(),
  /** IANA name. */
  zone: z.string(),
});
export type Me = z.infer<typeof Me>;

export const SignInLink = z.object({
  person: z.string(),
  /** For a browser; what stands behind the `#` goes to no log. */
  url: z.string(),
  /** What stands there. */
  code: z.string(),
  expiresAt: z.number(),
});
export type SignInLink = z.infer<typeof SignInLink>;

export const SessionView = z.object({
  id: z.string(),
  actor: z.string(),
  source: z.enum(['link', 'oidc']),
  groups: z.array(z.string()),
  given: z.array(GrantView).nullable(),
  createdAt: z.number(),
  seenAt: z.number(),
  expiresAt: z.number(),
});

export const TokenView = z.object({
  id: z.string(),
  name: z.string(),
  actor: z.string(),
  /** What it is good for, of all that its owner may do; null: all of it. */
  limits: z.array(GrantView).nullable(),
  createdBy: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  lastUsedAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
});
export type TokenView = z.infer<typeof TokenView>;

export const TokenList = z.object({ tokens: z.array(TokenView), next: Next });

/** `token` is told once, and kept nowhere. */
export const NewToken = TokenView.extend({ token: z.string() });

const LoginView = z.object({
  login: z.string(),
  /** Of the OpenID provider. */
  issuer: z.string(),
  /** Who it is there, whatever they are called. */
  subject: z.string(),
  boundAt: z.number(),
});

export const LoginList = z.object({ logins: z.array(LoginView), next: Next });

export const FreedLogin = LoginView.extend({ sessionsEnded: z.number(), tokensRevoked: z.number() });

/** Without anything that lets somebody in. */
export function sessionView({
  id,
  actor,
  source,
  createdAt,
  seenAt,
  expiresAt,
  ...row
}: SessionRow): z.infer<typeof SessionView> {
  const given = row.given === null ? null : row.given.map(grantView);
  return { id, actor, source, groups: [...row.groups], given, createdAt, seenAt, expiresAt };
}

export function tokenView(row: TokenRow): TokenView {
  const { id, name, actor, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = row;
  const limits = row.limits === null ? null : row.limits.map(grantView);
  return { id, name, actor, limits, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt };
}

export function grantView({ role, where }: Grant): z.infer<typeof GrantView> {
  if (where === null) return { role, where };
  return { role, where: Object.fromEntries(Object.entries(where).map(([label, values]) => [label, [...values]])) };
}
