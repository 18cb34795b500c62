import { appendWithin, lockHead } from './append';
import type { Database, Session } from './database';
import { locksStream } from './folds/apply';
import type { LockRow, Locks } from './store';

type AcquireRequest = Parameters<Locks['acquire']>[0];
type AcquireResult = Awaited<ReturnType<Locks['acquire']>>;
type ReleaseRequest = Parameters<Locks['release']>[0];
type OrphanRequest = Parameters<Locks['orphan']>[0];
type FreeRequest = Parameters<Locks['free']>[0];

/**
 * Named locks, granted all or nothing (D13).
 *
 * - K1 Every decision is made under the head of the stream `locks`, so there is one at a time.
 * - K2 A token is the seq of its grant: it only ever rises, and a host can refuse a lower one (D3).
 */
export function createLocks(database: Database): Locks {
  return {
    acquire: (request) => database.transaction((session) => acquire(session, request)),
    release: (request) => database.transaction((session) => release(session, request)),
    orphan: (request) => database.transaction((session) => orphan(session, request)),
    free: (request) => database.transaction((session) => free(session, request)),
    list: () => select(database, null),
  };
}

async function acquire(session: Session, request: AcquireRequest): Promise<AcquireResult> {
  const names = [...new Set(request.names)].sort();
  if (names.length === 0) return { token: 0, heldBy: [] };
  const { runId, path, at } = request;
  const head = await lockHead(session, locksStream);
  const taken = await select(session, names);
  const foreign = taken.filter((lock) => lock.runId !== runId || lock.path !== path);
  const entry = { at, actor: 'engine', via: 'engine' };
  if (foreign.length > 0) {
    // One entry, however often the waiter looks again.
    const key = `${runId}/${path}/requested/${names.join(',')}`;
    await appendWithin(session, locksStream, [
      { key, kind: 'lock.requested', ...entry, payload: { runId, path, names } },
    ]);
    return { token: null, heldBy: [...new Set(foreign.map((lock) => lock.runId))].sort() };
  }
  const held = taken.filter((lock) => lock.state === 'held');
  const [first] = taken;
  if (first !== undefined && held.length === names.length) return { token: highest(held), heldBy: [] };
  const token = taken.length === names.length ? highest(taken) : head.count + 1;
  const key = `${runId}/${path}/granted/${head.count + 1}`;
  const payload = { runId, path, names, token };
  await appendWithin(session, locksStream, [{ key, kind: 'lock.granted', ...entry, payload }]);
  return { token, heldBy: [] };
}

function highest(locks: readonly LockRow[]): number {
  return Math.max(...locks.map((lock) => lock.token));
}

async function release(session: Session, request: ReleaseRequest): Promise<number> {
  const { runId, path, at, by } = request;
  const head = await lockHead(session, locksStream);
  const locks = await select(session, request.names);
  const names = locks.filter((lock) => lock.runId === runId && lock.path === path).map((lock) => lock.name);
  if (names.length === 0) return 0;
  const key = `${runId}/${path}/released/${head.count + 1}`;
  const payload = { runId, path, names, by };
  await appendWithin(session, locksStream, [{ key, kind: 'lock.released', at, actor: by, via: 'engine', payload }]);
  return names.length;
}

async function orphan(session: Session, { runId, at }: OrphanRequest): Promise<number> {
  const head = await lockHead(session, locksStream);
  const held = (await select(session, null)).filter((lock) => lock.runId === runId && lock.state === 'held');
  const names = held.map((lock) => lock.name);
  if (names.length === 0) return 0;
  const key = `${runId}/orphaned/${head.count + 1}`;
  const entry = { key, kind: 'lock.orphaned', at, actor: 'engine', via: 'engine', payload: { runId, names } } as const;
  await appendWithin(session, locksStream, [entry]);
  return names.length;
}

/** Under the head: an owner that goes on at the same time either has its lock back, or finds it gone (K1). */
async function free(session: Session, { name, by, via, at }: FreeRequest): ReturnType<Locks['free']> {
  const head = await lockHead(session, locksStream);
  const [lock] = await select(session, [name]);
  if (lock === undefined) return 'none';
  if (lock.state === 'held') return 'held';
  const { runId, path } = lock;
  const key = `${runId}/${path}/released/${head.count + 1}`;
  const payload = { runId, path, names: [name], by };
  await appendWithin(session, locksStream, [{ key, kind: 'lock.released', at, actor: by, via, payload }]);
  return 'freed';
}

/** Null: all of them. */
async function select(session: Session, names: readonly string[] | null): Promise<readonly LockRow[]> {
  if (names !== null && names.length === 0) return [];
  const all = session.query.selectFrom('locks').selectAll().orderBy('name');
  const rows = await (names === null ? all : all.where('name', 'in', names)).execute();
  return rows.map(({ run_id: runId, name, path, token, state, at }) => ({
    name,
    runId,
    path,
    token,
    state: state === 'orphaned' ? 'orphaned' : 'held',
    at,
  }));
}
