import { z } from 'zod';

import type { Route } from '../route';
import { RequestError } from '../errors';
import { defineRoute, get, post } from '../route';
import { LockRow } from '../schema';

const status = defineRoute({
  ...get('/status'),
  summary: 'What runs: store, Temporal, workers, open runs and tasks',
  answer: z.object({
    version: z.string(),
    installation: z.string(),
    store: z.enum(['postgres', 'libsql']),
    temporal: z.enum(['up', 'down']),
    workers: z.number(),
    openRuns: z.number(),
    openTasks: z.number(),
    channels: z.array(z.enum(['mail', 'replies', 'chat'])),
  }),
  async handle(_call, { store, version, workers, channels = [] }) {
    const [installation, presence, openRuns, tasks] = await Promise.all([
      store.installation(),
      workers(),
      countOpenRuns((state) => store.views.runs({ state, limit: 1_000 })),
      store.views.tasks({ open: true }),
    ]);
    return {
      version,
      installation: installation.id,
      store: store.dialect,
      ...presence,
      openRuns,
      openTasks: tasks.length,
      channels: [...channels],
    };
  },
});

const openStates = ['pending', 'running', 'waiting', 'paused'] as const;

async function countOpenRuns(
  read: (state: (typeof openStates)[number]) => Promise<readonly unknown[]>,
): Promise<number> {
  const lists = await Promise.all(openStates.map(read));
  return lists.reduce((sum, list) => sum + list.length, 0);
}

const locks = defineRoute({
  ...get('/locks'),
  summary: 'Locks that runs hold',
  answer: z.object({ locks: z.array(LockRow) }),
  async handle(_call, { store }) {
    return { locks: [...(await store.locks.list())] };
  },
});

const freeLock = defineRoute({
  ...post('/locks/free'),
  summary: 'Free the lock of a run that is over',
  body: z.strictObject({
    actor: z.string().regex(/^user\/[^\s/]+$/, 'Expected user/<login>'),
    name: z.string().min(1).max(500),
  }),
  answer: z.object({ name: z.string(), freed: z.literal(true) }),
  async handle({ body: { actor, name }, caller }, { store, engine }) {
    const result = await store.locks.free({ name, by: actor, via: caller.via, at: Date.now() });
    switch (result) {
      case 'freed':
        await engine.wakeWaiting();
        return { name, freed: true as const };
      case 'held':
        throw new RequestError('LOCK_HELD', `Cannot free lock "${name}": the run that holds it is not over`);
      case 'none':
        throw new RequestError('LOCK_NOT_FOUND', `Cannot free lock "${name}": nobody holds it`);
    }
  },
});

export const systemRoutes: readonly Route[] = [status, locks, freeLock];
