import { z } from 'zod';

import { Value } from '../../workflows/runbook/fields/schema';

/** How to reach something. `type` names a connector, whose own schema says the rest. */
export const Connection = z.looseObject({ type: z.string().regex(/^[a-z][A-Za-z0-9]*$/) }).catchall(Value);
export type Connection = z.infer<typeof Connection>;
