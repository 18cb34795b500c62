import { z } from 'zod';

import { JournalEntryView } from './schema';

/** An entry of the journal over all processes. */
const AuditEntry = JournalEntryView.extend({
  /** As in the export that verifies it. */
  stream: z.string(),
  /** Of the run, change, operation or keeper; null: of the system. */
  process: z.string().nullable(),
});

export const AuditPage = z.object({
  /** Newest first. */
  entries: z.array(AuditEntry),
  /** Names of the processes, by id: `run 7`, `CHG-12`. */
  subjects: z.record(z.string(), z.string()),
  /** Null: there is nothing further. */
  next: z.string().nullable(),
});
export type AuditPage = z.infer<typeof AuditPage>;
