import { z } from 'zod';

import { Principal, TeamName } from '../../workflows/runbook/fields/schema';

/** `secrets`: prefixes of secret references that runbooks of this team may resolve. */
export const Team = z.strictObject({
  members: z.array(Principal),
  secrets: z.array(z.string().min(1)).exactOptional(),
});
export type Team = z.infer<typeof Team>;

/** A rule for votes. `min` and `rejectOn` are 1, the requester is excluded, silence is no consent, unless it says otherwise. */
export const ApprovalPolicy = z.strictObject({
  approvers: z.array(Principal).min(1),
  min: z.int().min(1).exactOptional(),
  rejectOn: z.int().min(1).exactOptional(),
  excludeRequester: z.boolean().exactOptional(),
  escalateTo: z.union([Principal, TeamName]).exactOptional(),
  silenceMeansConsent: z.boolean().exactOptional(),
  /** Zone of calendar days in `due`; UTC when absent. */
  zone: z.string().min(1).exactOptional(),
});
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;
