import { canonicalJson } from '../workflows/domain/canonical-json';
import { ChangeDraft } from '../workflows/change/schema';
import type { Scope } from '../workflows/domain/authorization';
import type { JournalEntry } from '../workflows/domain/journal';
import type { ChangeRow } from '../platform/store/change-row';
import { toJson } from '../platform/store/json';
import type { Store } from '../platform/store/store';
import { hasCode } from '../platform/system-error';
import { z } from 'zod';
import { RequestError } from './api/errors';
import { refuseBrokenDraft } from './change-draft';
import type { ChangeDependencies, OpenChange } from './change-engine';
import { streamOf } from '../workflows/domain/streams';
import { newChangeId } from './run-identity';

/**
 * Opens a change.
 *
 * - B1 `change.opened` first, then the workflow: what is asked for is never lost.
 * - B2 A crash between the two leaves a draft that has not begun, which `unbegunStarter` starts.
 * - B3 The same idempotency key gives the same id, and so at most one change.
 */
export async function openChange(dependencies: ChangeDependencies, request: OpenChange): Promise<ChangeRow> {
  const { store } = dependencies;
  refuseBrokenDraft(request.draft);
  const { id: installation } = await store.installation();
  const id = newChangeId(installation, request.idempotencyKey);
  const known = request.idempotencyKey === undefined ? null : await store.changes.get(id);
  if (known !== null) return sameChange(dependencies, known, request);
  const entry = openedEntry(request, {
    number: await store.changes.nextNumber(),
    at: dependencies.now(),
    scope: await dependencies.scopeOf(request.draft),
  });
  const twin = await appendOpened(store, id, entry);
  if (twin !== null) return sameChange(dependencies, twin, request);
  await begin(dependencies, id);
  return requireChange(store, id);
}

/**
 * Drafts that were journaled but whose workflow never began. Those that wait for their requester have begun, and are asked about once:
 * the first pass goes through all of them, later ones look at the newest.
 */
export function unbegunStarter(dependencies: ChangeDependencies): () => Promise<number> {
  const begun = new Set<string>();
  let isFirst = true;
  return async () => {
    let started = 0;
    let before = Infinity;
    for (;;) {
      const drafts = await draftsBelow(dependencies.store, before);
      for (const draft of drafts.filter(({ id }) => !begun.has(id))) {
        if (await isUntouched(dependencies.store, draft)) started += await begin(dependencies, draft.id);
        begun.add(draft.id);
      }
      before = drafts.at(-1)?.number ?? 0;
      if (!isFirst || drafts.length < draftsAtOnce) break;
    }
    isFirst = false;
    return started;
  };
}

const draftsAtOnce = 200;

function draftsBelow({ changes }: Store, before: number): Promise<readonly ChangeRow[]> {
  return changes.list({ phase: 'draft', limit: draftsAtOnce, ...(Number.isFinite(before) ? { before } : {}) });
}

async function isUntouched({ journal }: Store, { id }: ChangeRow): Promise<boolean> {
  return (await journal.head(streamOf(id))).count === 1;
}

function openedEntry(
  { draft, requester, via }: OpenChange,
  { number, at, scope }: { readonly number: number; readonly at: number; readonly scope: Scope },
): JournalEntry<'change.opened'> {
  const { title, model } = draft;
  const payload = { number, title, model, requester, draft: toJson(draft), scope };
  return { key: openedKey, kind: 'change.opened', at, actor: requester, via, payload };
}

const openedKey = 'change.opened';

/** Null, or the change that the same request has opened since it was looked for: it was sent twice at once (B3). */
async function appendOpened(store: Store, id: string, entry: JournalEntry<'change.opened'>): Promise<ChangeRow | null> {
  try {
    await store.journal.append(streamOf(id), [entry]);
    return null;
  } catch (error) {
    if (!hasCode(error, 'JOURNAL_CONFLICT')) throw error;
    return requireChange(store, id);
  }
}

async function sameChange(
  dependencies: ChangeDependencies,
  known: ChangeRow,
  { draft, requester }: OpenChange,
): Promise<ChangeRow> {
  const opened = await openedAs(dependencies.store, known.id);
  if (requester !== opened.requester || canonicalJson(toJson(draft)) !== canonicalJson(toJson(opened.draft))) {
    throw new RequestError(
      'IDEMPOTENCY_CONFLICT',
      `Cannot open the change: its idempotency key belongs to CHG-${known.number}, which asked for something else`,
    );
  }
  if (await isUntouched(dependencies.store, known)) await begin(dependencies, known.id);
  return requireChange(dependencies.store, known.id);
}

/** 1 if it had not begun. */
async function begin({ store, gateway }: ChangeDependencies, id: string): Promise<number> {
  const { id: installation } = await store.installation();
  const { number, requester, createdAt } = await requireChange(store, id);
  const { draft } = await openedAs(store, id);
  const change = { installation, id, number, requester, createdAt };
  return (await gateway.startChange({ change, draft })) === 'started' ? 1 : 0;
}

const Opened = z.object({ requester: z.string(), draft: ChangeDraft });

/** As it was asked for; what became of it since is in its own hands. */
async function openedAs({ journal }: Store, id: string): Promise<z.infer<typeof Opened>> {
  const [entry] = await journal.find(streamOf(id), [openedKey]);
  const opened = Opened.safeParse(JSON.parse(entry?.payload ?? 'null'));
  if (opened.success) return opened.data;
  throw new RequestError('CHANGE_INVALID', `Cannot begin change "${id}": its journal does not say what was asked for`);
}

export async function requireChange(store: Store, reference: string): Promise<ChangeRow> {
  const row = await store.changes.find(reference);
  if (row !== null) return row;
  throw unknownChange(reference);
}

export function unknownChange(reference: string): RequestError {
  return new RequestError('CHANGE_NOT_FOUND', `Cannot find change "${reference}": no such change, or more than one`);
}
