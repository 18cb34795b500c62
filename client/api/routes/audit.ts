import { z } from 'zod';

import type { AuditFilter } from '../../../platform/store/audit';
import { streamOf } from '../../../workflows/domain/streams';
import { processOf, readAudit } from '../../audit';
import { namesOf, requireJournaled } from '../../journaled';
import { entryView } from '../../run-history';
import { AuditPage } from '../audit-schema';
import type { ApiContext } from '../context';
import { cursorOf, CursorText, placeOf } from '../cursor';
import type { Caller } from '../route';
import { defineRoute, get } from '../route';

const Place = z.tuple([z.number(), z.string(), z.number()]);
const Time = z.iso.datetime({ offset: true });

const Query = z.strictObject({
  /** One kind of entry, or several with commas: `vote.cast,task.closed`. */
  kind: z.string().max(500).exactOptional(),
  actor: z.string().max(200).exactOptional(),
  /** A run, a change, a backup operation; `system` for what belongs to none. */
  process: z.string().min(1).max(200).exactOptional(),
  from: Time.exactOptional(),
  until: Time.exactOptional(),
  cursor: CursorText.exactOptional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const journal = defineRoute({
  ...get('/journal'),
  summary: 'The journal over everything, newest first: by kind, actor, process and time',
  action: 'audit.read',
  about: 'filtered',
  query: Query,
  answer: AuditPage,
  async handle({ query, caller }, { store }) {
    const filter = await filterOf(query, store);
    const { entries, next } = await readAudit(store, filter, seenBy(caller, store));
    const ids = entries.flatMap(({ stream }) => processOf(stream) ?? []);
    return {
      entries: entries.map((entry) => ({
        ...entryView(entry),
        stream: entry.stream,
        process: processOf(entry.stream),
      })),
      subjects: await namesOf(store, ids),
      next: next === null ? null : cursorOf([next.at, next.stream, next.seq]),
    };
  },
});

async function filterOf(query: z.infer<typeof Query>, store: ApiContext['store']): Promise<AuditFilter> {
  const { kind, actor, process, from, until, cursor, limit } = query;
  const [at, stream, seq] = cursor === undefined ? [] : placeOf(cursor, Place);
  return {
    limit,
    ...(kind === undefined ? {} : { kinds: kind.split(',') }),
    ...(actor === undefined ? {} : { actor }),
    ...(process === undefined ? {} : { stream: await streamNamed(process, store) }),
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
    ...(at === undefined || stream === undefined || seq === undefined ? {} : { below: { at, stream, seq } }),
  };
}

async function streamNamed(process: string, store: ApiContext['store']): Promise<string> {
  return process === 'system' ? process : streamOf((await requireJournaled(store, process)).id);
}

/** What belongs to no process is of no scope: only whoever may see everything sees it. */
function seenBy({ access }: Caller, store: ApiContext['store']): (processId: string | null) => Promise<boolean> {
  const known = new Map<string, boolean>();
  return async (processId) => {
    if (access.mayEverywhere('audit.read')) return true;
    if (processId === null) return false;
    const seen = known.get(processId);
    if (seen !== undefined) return seen;
    const found = await store.scopes.of(processId);
    const may = found !== null && access.may('audit.read', found.scope);
    known.set(processId, may);
    return may;
  };
}

export const auditRoutes = [journal] as const;
