import type { SessionRow, TokenRow } from '../../../platform/store/access-row';

export function session(over: Partial<SessionRow> = {}): SessionRow {
  return {
    id: 's1',
    digest: 'd1',
    actor: 'user/anna',
    source: 'oidc',
    groups: ['web'],
    given: [],
    sealed: 'sealed',
    createdAt: 1_000,
    seenAt: 1_000,
    renewedAt: 1_000,
    expiresAt: 9_000,
    endedAt: null,
    ...over,
  };
}

export function token(over: Partial<TokenRow> = {}): TokenRow {
  return {
    id: 't1',
    digest: 'd1',
    name: 'ci',
    actor: 'service/ci',
    given: null,
    limits: [{ role: 'operator', where: { service: ['shop'] } }],
    createdBy: 'user/anna',
    createdAt: 1_000,
    expiresAt: 9_000,
    lastUsedAt: null,
    revokedAt: null,
    ...over,
  };
}
