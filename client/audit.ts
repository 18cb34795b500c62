import type { AuditFilter, AuditPlace } from '../platform/store/audit';
import type { Store, StoredEntry } from '../platform/store/store';

export interface AuditRead {
  readonly entries: readonly StoredEntry[];
  /** Null: there is nothing further. */
  readonly next: AuditPlace | null;
}

/** How many entries are looked through for one page: whoever may see little pages on. */
const lookedThrough = 5_000;

/** A page of what somebody may see. `isSeen`: of a process; null is the system. */
export async function readAudit(
  store: Store,
  filter: AuditFilter,
  isSeen: (processId: string | null) => Promise<boolean>,
): Promise<AuditRead> {
  const entries: StoredEntry[] = [];
  let below = filter.below;
  for (let looked = 0; looked < lookedThrough; looked += filter.limit) {
    const page = await store.audit.read({ ...filter, ...(below === undefined ? {} : { below }) });
    for (const entry of page) {
      below = placeOfEntry(entry);
      if (await isSeen(processOf(entry.stream))) entries.push(entry);
      if (entries.length === filter.limit) return { entries, next: below };
    }
    if (page.length < filter.limit) return { entries, next: null };
  }
  return { entries, next: below ?? null };
}

/** `run/<id>` is the stream of a process, whatever it is; the others are the system's. */
export function processOf(stream: string): string | null {
  return stream.startsWith('run/') ? stream.slice('run/'.length) : null;
}

function placeOfEntry({ at, stream, seq }: StoredEntry): AuditPlace {
  return { at, stream, seq };
}
