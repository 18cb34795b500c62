import { z } from 'zod';

import type { Store } from '../../../platform/store/store';
import { NamedActor } from '../actor-schema';
import type { Subject } from '../authorize';
import { channelNames } from '../context';
import type { ApiContext } from '../context';
import { RequestError } from '../errors';
import { pageOf, pageQuery } from '../page';
import { defineRoute, get, post } from '../route';
import { aboutJournaled, allowedOf } from '../subjects';
import { LockList } from '../schema';

const status = defineRoute({
  ...get('/status'),
  summary: 'What runs: store, Temporal, workers, open runs and tasks',
  action: 'system.read',
  about: 'anything',
  answer: z.object({
    version: z.string(),
    installation: z.string(),
    store: z.enum(['postgres', 'libsql']),
    temporal: z.enum(['up', 'down']),
    workers: z.number(),
    openRuns: z.number(),
    openTasks: z.number(),
    channels: z.array(z.enum(channelNames)),
  }),
  async handle(_call, { store, version, workers, channels = [] }) {
    const [installation, presence, openRuns, openTasks] = await Promise.all([
      store.installation(),
      workers(),
      countOpenRuns(store),
      store.views.countTasks(countedUpTo),
    ]);
    return {
      version,
      installation: installation.id,
      store: store.dialect,
      ...presence,
      openRuns,
      openTasks,
      channels: [...channels],
    };
  },
});

const openStates = ['pending', 'running', 'waiting', 'paused'] as const;

/** Who has more than these open has other worries than their number. */
const countedUpTo = 1_000_000;

async function countOpenRuns({ views }: Store): Promise<number> {
  const counts = await Promise.all(openStates.map((state) => views.countRuns({ state, upTo: countedUpTo })));
  return counts.reduce((sum, count) => sum + count, 0);
}

const locks = defineRoute({
  ...get('/locks'),
  summary: 'Locks that runs hold',
  action: 'lock.read',
  about: 'filtered',
  query: z.strictObject(pageQuery),
  answer: LockList,
  async handle({ query, caller: { access } }, context) {
    const locks = await context.store.locks.list();
    const allowed = await allowedOf(locks, { access, action: 'lock.read' }, context);
    const { page, next } = pageOf(allowed, query, { keyOf: ({ name }) => [name] });
    return { locks: page, next };
  },
});

const freeLock = defineRoute({
  ...post('/locks/free'),
  summary: 'Free the lock of a run that is over',
  action: 'lock.free',
  about: aboutLock,
  body: z.strictObject({
    actor: NamedActor,
    name: z.string().min(1).max(500),
    /** What made sure that nothing works on it any more. */
    reason: z.string().trim().min(1).max(2_000),
  }),
  answer: z.object({ name: z.string(), freed: z.literal(true) }),
  async handle({ body: { actor, name, reason }, caller: { access } }, { store, engine }) {
    const by = access.actorFor(actor);
    const result = await store.locks.free({ name, by, reason, via: access.via, at: Date.now() });
    switch (result) {
      case 'freed':
        await engine.wakeWaiting();
        return { name, freed: true as const };
      case 'held':
        throw new RequestError('LOCK_HELD', `Cannot free lock "${name}": the run that holds it is not over`);
      case 'none':
        throw unknownLock(name);
    }
  },
});

function unknownLock(name: string): RequestError {
  return new RequestError('LOCK_NOT_FOUND', `Cannot free lock "${name}": nobody holds it`);
}

/** A lock has the scope of whoever holds it. */
async function aboutLock(
  { body: { name } }: { readonly body: { readonly name: string } },
  context: ApiContext,
): Promise<Subject | null> {
  const lock = (await context.store.locks.list()).find((row) => row.name === name);
  if (lock === undefined) return null;
  const owner = await aboutJournaled({ params: { ref: lock.runId } }, context);
  return { scope: owner?.scope ?? {}, seenBy: 'lock.read', missing: () => unknownLock(name) };
}

export const systemRoutes = [status, locks, freeLock] as const;
