import type { Generated } from 'kysely';

/** Number of each distinct scope; not emptied by a rebuild, so that the folds name the same ones again. */
export interface ScopesTable {
  id: Generated<number>;
  /** Canonical JSON. */
  labels: string;
}

/** Words by the number of a run: a tsvector, or a full-text table that keeps no text of its own. */
export interface RunSearchTable {
  number: number;
  words: string | null;
}

/** Whom each open task waits for. */
export interface TaskPeopleTable {
  principal: string;
  run_id: string;
  task_id: string;
  priority: number;
  opened_at: number;
}
