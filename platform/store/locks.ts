import { decideLocks, dueWaits } from '../../workflows/domain/lock-queue';
import type { LockTable, LockWait } from '../../workflows/domain/lock-queue';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import { groupOfSeat } from '../../workflows/domain/seats';
import type { SeatRequest } from '../../workflows/domain/seats';
import { appendWithin, lockHead } from './append';
import { inChunks } from './chunks';
import type { Database, Session } from './database';
import { locksStream } from './folds/apply';
import { toJson } from './json';
import { readDocument } from './schema';
import { compareText } from './text-order';
import type { LockRow, Locks } from './lock-row';

type AcquireRequest = Parameters<Locks['acquire']>[0];
type AcquireResult = Awaited<ReturnType<Locks['acquire']>>;
type ReleaseRequest = Parameters<Locks['release']>[0];
type OrphanRequest = Parameters<Locks['orphan']>[0];
type FreeRequest = Parameters<Locks['free']>[0];

/**
 * Named locks, granted all or nothing (D13).
 *
 * - K1 Every decision is made under the head of the stream `locks`, so there is one at a time.
 * - K2 In the order of asking, as `decideLocks` says; whoever asked for other names at the same place asks anew.
 * - K3 A token is the seq of its grant: it only ever rises, and a host can refuse a lower one (D3).
 */
export function createLocks(database: Database): Locks {
  return {
    acquire: (request) => database.transaction((session) => acquire(session, request)),
    release: (request) => database.transaction((session) => release(session, request)),
    orphan: (request) => database.transaction((session) => orphan(session, request)),
    free: (request) => database.transaction((session) => free(session, request)),
    list: () => select(database, null),
    waits: () => loadWaits(database),
    due: () => due(database),
  };
}

async function acquire(session: Session, request: AcquireRequest): Promise<AcquireResult> {
  const names = [...new Set(request.names)].sort();
  if (names.length === 0) return { token: 0, names, heldBy: [] };
  const { runId, path, at, anyOf = false, seats } = request;
  const head = await lockHead(session, locksStream);
  const table = await loadLockTable(session, { runId, names });
  const known = table.waits.find((wait) => wait.runId === runId && wait.path === path);
  const asked = { runId, path, names, anyOf, ...(seats === undefined ? {} : { seats }) };
  const isKnown = known !== undefined && isSame(known, asked);
  const asker = isKnown ? known : { ...asked, since: Number.POSITIVE_INFINITY };
  const decision = decideLocks(asker, table);
  const entry = { at, actor: 'engine', via: 'engine' };
  if (decision.granted === null) {
    // One entry, however often the waiter looks again.
    if (request.wait !== false && !isKnown) {
      const key = `${runId}/${path}/waits/${head.count + 1}`;
      const payload = {
        runId,
        path,
        names,
        ...(anyOf ? { anyOf: true as const } : {}),
        ...(seats === undefined ? {} : { seats }),
      };
      await appendWithin(session, locksStream, [{ key, kind: 'lock.requested', ...entry, payload }]);
    }
    return { token: null, names: [], heldBy: decision.heldBy, ...(decision.isStuck === true ? { isStuck: true } : {}) };
  }
  const { granted } = decision;
  if (granted.length === 0) return { token: 0, names: [], heldBy: [] };
  const taken = await select(session, granted);
  const held = taken.filter((lock) => lock.state === 'held');
  if (held.length === granted.length) return { token: highest(held), names: granted, heldBy: [] };
  const token = taken.length === granted.length ? highest(taken) : head.count + 1;
  const key = `${runId}/${path}/granted/${head.count + 1}`;
  const payload = { runId, path, names: granted, token, ...(seats === undefined ? {} : { limits: seats.limits }) };
  await appendWithin(session, locksStream, [{ key, kind: 'lock.granted', ...entry, payload }]);
  return { token, names: granted, heldBy: [] };
}

function isSame(one: Omit<LockWait, 'since'>, other: Omit<LockWait, 'since'>): boolean {
  const [left, right] = [one, other].map(({ names, anyOf, seats = null }) =>
    canonicalJson(toJson({ names, anyOf, seats })),
  );
  return left === right;
}

function highest(locks: readonly LockRow[]): number {
  return Math.max(...locks.map((lock) => lock.token));
}

async function release(session: Session, request: ReleaseRequest): Promise<number> {
  const { runId, path, at, by } = request;
  const { count } = await lockHead(session, locksStream);
  const locks = await select(session, request.names);
  const names = locks.filter((lock) => lock.runId === runId && lock.path === path).map((lock) => lock.name);
  await withdraw(session, { at, by }, (wait) => wait.runId === runId && wait.path === path);
  if (names.length === 0) return 0;
  const key = `${runId}/${path}/released/${count + 1}`;
  const payload = { runId, path, names, by };
  await appendWithin(session, locksStream, [{ key, kind: 'lock.released', at, actor: by, via: 'engine', payload }]);
  return names.length;
}

/** Under the head. */
async function withdraw(
  session: Session,
  { at, by }: { readonly at: number; readonly by: string },
  isMeant: (wait: LockWait) => boolean,
): Promise<void> {
  for (const { runId, path, names, since } of (await loadWaits(session)).filter(isMeant)) {
    const key = `${runId}/${path}/withdrawn/${since}`;
    const entry = {
      key,
      kind: 'lock.withdrawn',
      at,
      actor: by,
      via: 'engine',
      payload: { runId, path, names },
    } as const;
    await appendWithin(session, locksStream, [entry]);
  }
}

async function orphan(session: Session, { runId, names: only, at }: OrphanRequest): Promise<number> {
  const head = await lockHead(session, locksStream);
  if (only === undefined) await withdraw(session, { at, by: 'engine' }, (wait) => wait.runId === runId);
  const held = (await select(session, only ?? null)).filter((lock) => lock.runId === runId && lock.state === 'held');
  const names = held.map((lock) => lock.name);
  if (names.length === 0) return 0;
  const key = `${runId}/orphaned/${head.count + 1}`;
  const entry = { key, kind: 'lock.orphaned', at, actor: 'engine', via: 'engine', payload: { runId, names } } as const;
  await appendWithin(session, locksStream, [entry]);
  return names.length;
}

/** Under the head: an owner that goes on at the same time either has its lock back, or finds it gone (K1). */
async function free(session: Session, { name, by, reason, via, at }: FreeRequest): ReturnType<Locks['free']> {
  const head = await lockHead(session, locksStream);
  const [lock] = await select(session, [name]);
  if (lock === undefined) return 'none';
  if (lock.state === 'held') return 'held';
  const { runId, path } = lock;
  const key = `${runId}/${path}/released/${head.count + 1}`;
  const payload = { runId, path, names: [name], by, reason };
  await appendWithin(session, locksStream, [{ key, kind: 'lock.released', at, actor: by, via, payload }]);
  return 'freed';
}

/** Read only: whoever is told looks again under the head, and whoever is not told does so after a while. */
async function due(session: Session): Promise<readonly string[]> {
  const waits = await loadWaits(session);
  if (waits.length === 0) return [];
  const table = await loadLockTable(session, null);
  return [...new Set(dueWaits(table).map(({ runId }) => runId))];
}

/** What a decision about these names depends on. Null: about those that are waited for. */
async function loadLockTable(
  session: Session,
  asked: { readonly runId: string; readonly names: readonly string[] } | null,
): Promise<LockTable> {
  const waits = await loadWaits(session);
  // Of a redundancy group all seats count, also those that nobody asks for now.
  const isNarrow = waits.length === 0 && asked !== null && asked.names.every((name) => groupOfSeat(name) === null);
  const rows = await select(session, isNarrow ? asked.names : null);
  const holds = new Map(rows.map((row) => [row.name, row]));
  const runIds = [...waits, ...rows, ...(asked === null ? [] : [asked])].map(({ runId }) => runId);
  const parents = waits.length === 0 ? new Map<string, string>() : await loadParents(session, runIds);
  return { holds, waits, familyOf: (runId) => rootOf(runId, parents) };
}

function rootOf(runId: string, parents: ReadonlyMap<string, string>): string {
  let root = runId;
  for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
  return root;
}

/** Generation after generation, up to the runs that nobody started. */
async function loadParents(session: Session, runIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const parents = new Map<string, string>();
  for (let children = [...new Set(runIds)]; children.length > 0;) {
    const next = new Set<string>();
    for (const ids of inChunks(children)) {
      const rows = await session.query.selectFrom('runs').select(['id', 'parent']).where('id', 'in', ids).execute();
      for (const { id, parent } of rows) {
        if (parent === null || parents.has(id)) continue;
        parents.set(id, parent);
        next.add(parent);
      }
    }
    children = [...next];
  }
  return parents;
}

async function loadWaits(session: Session): Promise<readonly LockWait[]> {
  const rows = await session.query.selectFrom('lock_waits').selectAll().orderBy('since').execute();
  return rows.map((row) => ({
    runId: row.run_id,
    path: row.path,
    names: readDocument<readonly string[]>(row.names),
    anyOf: row.any_of === 1,
    ...(row.seats === null ? {} : { seats: readDocument<SeatRequest>(row.seats) }),
    since: row.since,
  }));
}

/** Null: all of them. */
async function select(session: Session, names: readonly string[] | null): Promise<readonly LockRow[]> {
  const all = session.query.selectFrom('locks').selectAll().orderBy('name');
  const rows = names === null ? await all.execute() : [];
  for (const chunk of inChunks([...(names ?? [])].toSorted(compareText)))
    rows.push(...(await all.where('name', 'in', chunk).execute()));
  return rows.map(({ run_id: runId, name, path, token, state, at, seat_limit: seatLimit }) => ({
    name,
    runId,
    path,
    token,
    state: state === 'orphaned' ? 'orphaned' : 'held',
    at,
    ...(seatLimit === null ? {} : { seatLimit }),
  }));
}
