import { z } from 'zod';

/** In whose name something is done. Absent: in that of the caller, who may name nobody else but with the admin token. */
export const NamedActor = z
  .string()
  .regex(/^(?:user|service)\/[^\s/]+$/, 'Expected user/<login> or service/<name>')
  .exactOptional();
