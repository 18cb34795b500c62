import { z } from 'zod';

import { Principal } from '../../workflows/runbook/fields/schema';

/**
 * `secrets`: prefixes of secret references that runbooks of this team may resolve. `hosts`: the only hosts that changes of its members
 * may touch, by name or as `group/<name>`; absent: any.
 */
export const Team = z.strictObject({
  members: z.array(Principal),
  secrets: z.array(z.string().min(1)).exactOptional(),
  hosts: z.array(z.string().min(1)).min(1).exactOptional(),
});
export type Team = z.infer<typeof Team>;
