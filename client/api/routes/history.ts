import { z } from 'zod';

import { readJournalPage, readOutputPage } from '../../run-history';
import { exportRun } from '../../run-export';
import type { RunRow, Store } from '../../../platform/store/store';
import { RequestError } from '../errors';
import type { Route } from '../route';
import { defineRoute, get } from '../route';
import { JournalPage, OutputPage } from '../schema';

const ByReference = z.object({ ref: z.string().min(1).max(200) });

const Page = {
  after: z.coerce.number().int().min(-1).default(-1),
  limit: z.coerce.number().int().min(0).max(1_000).default(200),
  /** Long poll: how long to wait for something new. */
  waitMs: z.coerce.number().int().min(0).max(30_000).default(0),
};

const journal = defineRoute({
  ...get('/runs/:ref/journal'),
  summary: 'Journal entries after a position',
  params: ByReference,
  query: z.strictObject(Page),
  answer: JournalPage,
  async handle({ params, query, caller }, { store }) {
    const run = await requireRun(store, params.ref);
    return readJournalPage(store, run.id, { ...query, signal: caller.signal });
  },
});

const logs = defineRoute({
  ...get('/runs/:ref/logs'),
  summary: 'Output of the run after a position, in order of arrival',
  params: ByReference,
  query: z.strictObject({ ...Page, step: z.string().exactOptional(), host: z.string().exactOptional() }),
  answer: OutputPage,
  async handle({ params, query, caller }, { store }) {
    const run = await requireRun(store, params.ref);
    return readOutputPage(store, run.id, { ...query, signal: caller.signal });
  },
});

const exported = defineRoute({
  ...get('/runs/:ref/export'),
  summary: 'The whole journal of a run, signed, to be verified offline',
  params: ByReference,
  answer: z.object({ name: z.string(), text: z.string() }),
  async handle({ params }, { store, signingKey }) {
    const run = await requireRun(store, params.ref);
    return {
      name: `run-${run.number}.journal.jsonl`,
      text: await exportRun(store, run.id, { key: signingKey, now: Date.now() }),
    };
  },
});

async function requireRun(store: Store, reference: string): Promise<RunRow> {
  const run = await store.views.findRun(reference);
  if (run === null)
    throw new RequestError('RUN_NOT_FOUND', `Cannot find run "${reference}": no such run, or more than one`);
  return run;
}

export const historyRoutes: readonly Route[] = [journal, logs, exported];
