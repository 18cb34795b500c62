import { z } from 'zod';

import { EventName, Expression, Reference, Value } from '../../workflows/runbook/fields/schema';

/** Of the team that owns the hook. Several while a secret is being changed: any of them will do. */
const HookSecrets = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(5)]);

const HeaderName = z
  .string()
  .max(100)
  .regex(/^(?!cookie$)[A-Za-z][A-Za-z0-9-]*$/i, 'Expected the name of a header, such as X-Gitlab-Token');

/**
 * What others call at `/hooks/<name>`, and what comes of it. Expressions know `body`, `headers` (in lower case) and `id`, that of the
 * message: with `github` the SHA-256 of the body.
 * Whoever calls has shown no more than that it knows the secret: what it may do is what grants give to `service/hook-<name>`
 * (of `ci/done` to `service/hook-ci.done`).
 */
export const Hook = z.strictObject({
  /**
   * `standard`: signed as Standard Webhooks says. `github`: the body is signed as GitHub says. `token`: the secret itself, as
   * `Authorization: Bearer`, or in a header of this name, as GitLab has it (`X-Gitlab-Token`).
   */
  auth: z.union([
    z.strictObject({ standard: HookSecrets }),
    z.strictObject({ github: HookSecrets }),
    z.strictObject({ token: HookSecrets, header: HeaderName.exactOptional() }),
  ]),
  /** Calls for which this is not true are taken, and nothing comes of them. */
  when: Expression.exactOptional(),
  /** Two calls with the same are one; absent: two with the same id. */
  key: Expression.exactOptional(),
  start: z
    .strictObject({
      runbook: Reference,
      inputs: z.record(z.string(), Value).exactOptional(),
      inventory: z.string().min(1).exactOptional(),
    })
    .exactOptional(),
  signal: z
    .strictObject({
      /** Number or id of a run. */
      run: z.union([z.string().min(1), z.int().min(1)]),
      name: EventName,
      data: Value.exactOptional(),
    })
    .exactOptional(),
});
export type Hook = z.infer<typeof Hook>;

export type HookMode = 'standard' | 'github' | 'token';

interface HookAuth {
  readonly mode: HookMode;
  readonly secrets: readonly string[];
  /** Where a token stands, in lower case. */
  readonly header: string;
}

export function authOfHook({ auth }: Hook): HookAuth {
  if ('standard' in auth) return { mode: 'standard', secrets: listed(auth.standard), header: 'webhook-signature' };
  if ('github' in auth) return { mode: 'github', secrets: listed(auth.github), header: 'x-hub-signature-256' };
  return { mode: 'token', secrets: listed(auth.token), header: (auth.header ?? 'authorization').toLowerCase() };
}

/**
 * Which headers a signature covers, so that nobody between the sender and us has changed them; null: nothing is signed at all, and whoever
 * knows the token says what they like.
 */
export const signedHeaders: { readonly [M in HookMode]: readonly string[] | null } = {
  standard: ['webhook-id', 'webhook-timestamp'],
  github: [],
  token: null,
};

function listed(secrets: z.infer<typeof HookSecrets>): readonly string[] {
  return typeof secrets === 'string' ? [secrets] : secrets;
}
