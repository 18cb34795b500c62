import { z } from 'zod';

/** Something happened: enough to know what to load anew, and to show a line of news. */
export const LiveEvent = z.object({
  /** Where a reader goes on after. */
  position: z.number(),
  /** Of the entry in the journal of its process. */
  seq: z.number(),
  /** Epoch milliseconds. */
  at: z.number(),
  /** Of the journal: `run.created`, `task.opened`, `change.state` … */
  kind: z.string(),
  actor: z.string(),
  process: z.object({
    kind: z.enum(['run', 'change', 'backup', 'definition', 'lock', 'system']),
    id: z.string(),
    number: z.number().nullable(),
    name: z.string(),
  }),
  /** Path of a step, id of a task, name of a lock: what it is about within its process. */
  about: z.string().nullable(),
  /** Where that stands now. */
  state: z.string().nullable(),
});
export type LiveEvent = z.infer<typeof LiveEvent>;
