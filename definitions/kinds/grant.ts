import { z } from 'zod';

import { roles } from '../../workflows/domain/authorization';
import { TeamName } from '../../workflows/runbook/fields/schema';

const wanted = {
  grantee: 'user/<name> or service/<name>',
  where: 'at least one label',
  value: 'a value, or the beginning of one and "*"',
} as const;

const Grantee = z.string().regex(/^(?:user|service)\/[A-Za-z0-9][A-Za-z0-9._@+-]*$/, wanted.grantee);

/** Of the labels that runbooks, inventories and backup plans have. An empty selector would be everywhere, which is said by leaving it out. */
const Where = z
  .record(z.string().min(1), z.array(z.string().regex(/^(?:[^*]+\*?|\*)$/, wanted.value)).min(1))
  .refine((labels) => Object.keys(labels).length > 0, wanted.where);

/**
 * A role for people, by name, by published team, or by what the directory or the sign-in says that they belong to. Nobody has a role
 * but by such a document; without `where` it holds everywhere.
 */
export const Grant = z.strictObject({
  role: z.enum(roles),
  people: z.array(Grantee).exactOptional(),
  teams: z.array(TeamName).exactOptional(),
  groups: z.array(z.string().min(1)).exactOptional(),
  where: Where.exactOptional(),
});
export type Grant = z.infer<typeof Grant>;
