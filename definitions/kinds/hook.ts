import { z } from 'zod';

import { EventName, Expression, Reference, Value } from '../../workflows/runbook/fields/schema';

/** Of the team that owns the hook. Several while a secret is being changed: any of them will do. */
const HookSecrets = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(5)]);

/**
 * What others call at `/hooks/<name>`, and what comes of it. Expressions know `body`, `headers` (in lower case) and `id`, that of the message.
 * Whoever calls has shown no more than that it knows the secret: what it may do is what grants give to `service/hook-<name>`
 * (of `ci/done` to `service/hook-ci.done`).
 */
export const Hook = z.strictObject({
  /** `standard`: signed as Standard Webhooks says. `token`: the secret itself, as `Authorization: Bearer`. */
  auth: z.union([z.strictObject({ standard: HookSecrets }), z.strictObject({ token: HookSecrets })]),
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

export function secretsOfHook({ auth }: Hook): readonly string[] {
  const secrets = 'standard' in auth ? auth.standard : auth.token;
  return typeof secrets === 'string' ? [secrets] : secrets;
}
