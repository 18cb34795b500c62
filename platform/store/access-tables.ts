export interface SignInCodesTable {
  digest: string;
  actor: string;
  /** Grants; null: by the rule of installations without grants. */
  given: string | null;
  expires_at: number;
  used_at: number | null;
}

export interface SessionsTable {
  id: string;
  digest: string;
  actor: string;
  source: string;
  groups: string;
  given: string | null;
  sealed: string | null;
  created_at: number;
  seen_at: number;
  renewed_at: number;
  expires_at: number;
  ended_at: number | null;
  /** Somebody is asking anew who its person is, until this time at the latest; null: nobody. */
  renewing_until: number | null;
}

export interface LoginsTable {
  /** Of the login, in small letters. */
  name: string;
  login: string;
  issuer: string;
  subject: string;
  bound_at: number;
}

export interface ApiTokensTable {
  id: string;
  digest: string;
  name: string;
  actor: string;
  given: string | null;
  limits: string | null;
  created_by: string;
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}
