import type { Grant } from '../../workflows/domain/authorization';
import type { TokenRow } from '../../platform/store/access-row';
import type { Store } from '../../platform/store/store';
import type { Access } from '../access';
import { credentialId, idPattern, isSecretOf, newCredential, secretPattern } from './credential';

export interface NewToken {
  readonly name: string;
  readonly person: string;
  /** What it is good for; null: whatever its owner may do. */
  readonly limits: readonly Grant[] | null;
  readonly goodForMs: number;
  /** The same key makes the same token, once; absent: each request makes another. */
  readonly idempotencyKey?: string;
}

interface TokenDependencies {
  readonly store: Pick<Store, 'access' | 'installation'>;
  readonly now: () => number;
}

const tokenForm = new RegExp(`^mst_(${idPattern})_(${secretPattern})$`);
const seenEveryMs = 60_000;

/**
 * Tokens of the API.
 *
 * - T1 One's own never allows more than its owner may do at that moment.
 * - T2 One that is made for somebody else gives what its maker gave it, until it is over or revoked.
 * - T3 What a session was given ends with it: no token that it makes lasts longer.
 * - T4 Nothing that we keep lets anybody in, so that a request that is sent again gets no secret: it is told which token it has made.
 */
export class ApiTokens {
  constructor(private readonly dependencies: TokenDependencies) {}

  /** The secret is in the answer, and nowhere else ever again: a request that comes again gets null for it. */
  async create(request: NewToken, by: Access): Promise<{ readonly row: TokenRow; readonly token: string | null }> {
    const { store, now } = this.dependencies;
    const { secret, digest, ...random } = newCredential();
    const { idempotencyKey: key } = request;
    const id = key === undefined ? random.id : credentialId((await store.installation()).id, `token\n${key}`);
    const createdAt = now();
    const { name, person, limits, goodForMs } = request;
    const row: TokenRow = {
      id,
      digest,
      name,
      actor: person,
      given: givenBy(by, request),
      limits,
      createdBy: by.actor,
      createdAt,
      expiresAt: Math.min(createdAt + goodForMs, givenUntil(by)),
      lastUsedAt: null,
      revokedAt: null,
    };
    if (await store.access.addToken(row, by.via)) return { row, token: `mst_${id}_${secret}` };
    return { row: (await store.access.token(id)) ?? row, token: null };
  }

  /** Null: no such token, or it is over. */
  async read(text: string): Promise<TokenRow | null> {
    const [, id, secret] = tokenForm.exec(text) ?? [];
    if (id === undefined || secret === undefined) return null;
    const { store, now } = this.dependencies;
    const row = await store.access.token(id);
    if (row === null || !isSecretOf(row.digest, secret)) return null;
    if (row.revokedAt !== null || now() >= row.expiresAt) return null;
    if (now() - (row.lastUsedAt ?? 0) >= seenEveryMs) await store.access.sawToken(id, now());
    return row;
  }
}

/** What it has besides what is published for its owner: by T2 what its maker says, by T1 what came with how its owner signed in. */
function givenBy({ actor, proof }: Access, { person, limits }: NewToken): TokenRow['given'] {
  if (proof.kind === 'session' && person === actor) return proof.session.given;
  if (proof.kind === 'token' && person === actor) return proof.token.given;
  return limits;
}

/** T3. */
function givenUntil({ proof }: Access): number {
  const isGiven = proof.kind === 'session' && (proof.session.given ?? []).length > 0;
  return isGiven ? proof.session.expiresAt : Infinity;
}
