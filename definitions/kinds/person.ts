import { z } from 'zod';

import { Person as PersonName, PersonTime } from './person-fields';

/** Half-open: from `start` on, until `end`. Delegations are not passed on. */
const Delegation = z.strictObject({ to: PersonName, start: PersonTime, end: PersonTime });

const matrixPattern = /^(@[^\s:]+:[^\s/]+|![^\s/]+)$/;
const topicPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Somebody by the name of their login. Whoever has no document is active, has no manager, and has delegated to nobody. */
export const Person = z.strictObject({
  name: z.string().min(1).exactOptional(),
  email: z.email().exactOptional(),
  /** How a chat names them. */
  chat: z.string().min(1).exactOptional(),
  /** Their name in Teams, which the message begins with. */
  teams: z.string().min(1).max(200).exactOptional(),
  /** Their name in Matrix, or a room that they alone read. */
  matrix: z
    .string()
    .max(255)
    .regex(matrixPattern, '@name:server, or !room:server for a room of their own')
    .exactOptional(),
  /** A topic of ntfy that they alone read. */
  ntfy: z.string().regex(topicPattern, 'a topic of ntfy: up to 64 letters, digits, - and _').exactOptional(),
  manager: PersonName.exactOptional(),
  /** False: has left. Their votes are void until the level closed, and nobody asks them any more. */
  active: z.boolean().exactOptional(),
  delegations: z.array(Delegation).max(100).exactOptional(),
  /** Zone of local times; UTC when absent. */
  zone: z.string().min(1).exactOptional(),
});
export type Person = z.infer<typeof Person>;
