import { z } from 'zod';

import { Person as PersonName, PersonTime } from './person-fields';

/** Half-open: from `start` on, until `end`. Delegations are not passed on. */
const Delegation = z.strictObject({ to: PersonName, start: PersonTime, end: PersonTime });

/** Somebody by the name of their login. Whoever has no document is active, has no manager, and has delegated to nobody. */
export const Person = z.strictObject({
  name: z.string().min(1).exactOptional(),
  email: z.email().exactOptional(),
  /** How a chat names them. */
  chat: z.string().min(1).exactOptional(),
  manager: PersonName.exactOptional(),
  /** False: has left. Their votes are void until the level closed, and nobody asks them any more. */
  active: z.boolean().exactOptional(),
  delegations: z.array(Delegation).max(100).exactOptional(),
  /** Zone of local times; UTC when absent. */
  zone: z.string().min(1).exactOptional(),
});
export type Person = z.infer<typeof Person>;
