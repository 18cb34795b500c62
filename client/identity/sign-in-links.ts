import type { Grant } from '../../workflows/domain/authorization';
import type { Store } from '../../platform/store/store';
import { digestOf, newSecret, secretPattern } from './credential';
import type { OpenSession, Sessions } from './sessions';

export interface LinkRequest {
  /** Whom it signs in. */
  readonly person: string;
  readonly given: readonly Grant[] | null;
  readonly by: { readonly actor: string; readonly via: string };
}

export interface SignInLink {
  readonly code: string;
  readonly expiresAt: number;
}

interface LinkDependencies {
  readonly store: Pick<Store, 'access'>;
  readonly sessions: Sessions;
  readonly now: () => number;
}

const codeMs = 10 * 60_000;
const codeForm = new RegExp(`^${secretPattern}$`);

/** Links that sign somebody in, once and soon: whoever holds the admin token makes them. */
export class SignInLinks {
  constructor(private readonly dependencies: LinkDependencies) {}

  async create({ person, given, by }: LinkRequest): Promise<SignInLink> {
    const { store, now } = this.dependencies;
    const code = newSecret();
    const expiresAt = now() + codeMs;
    await store.access.addCode({ digest: digestOf(code), actor: person, given, expiresAt }, { ...by, at: now() });
    return { code, expiresAt };
  }

  /** Null: no such code, or it was used, withdrawn, or is too old. */
  async redeem(code: string): Promise<OpenSession | null> {
    const { store, sessions, now } = this.dependencies;
    const digest = digestOf(code);
    const found = codeForm.test(code) ? await store.access.useCode(digest, now()) : null;
    const basis = { kind: 'code', digest } as const;
    const open =
      found === null ? null : await sessions.open({ ...found, source: 'link', groups: [], sealed: null, basis });
    if (open === null)
      await store.access.noteRefused('sign-in code', { reason: 'unknown, used, withdrawn or too old', at: now() });
    return open;
  }
}
