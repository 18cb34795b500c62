import { z } from 'zod';

import { followJournal, followOutput, readJournalPage, readOutputPage } from '../../run-history';
import { requireJournaled, requireRun } from '../../journaled';
import { exportRun } from '../../run-export';
import { feedStart } from '../feed-start';
import { defineFeed, defineRoute, get } from '../route';
import { aboutJournaled, aboutRun } from '../subjects';
import { JournalEntryView, JournalPage, OutputChunkView, OutputPage } from '../schema';

const ByReference = z.object({ ref: z.string().min(1).max(200) });

const After = z.coerce.number().int().min(-1).default(-1);
const Page = { after: After, limit: z.coerce.number().int().min(0).max(1_000).default(200) };
const Filter = { step: z.string().exactOptional(), host: z.string().exactOptional() };

/** `true`: a message is a list of all there is, which a browser takes in far more easily than thousands of messages a second. */
const Lists = z.enum(['true', 'false']).default('false');

function inLists({ lists }: { readonly lists: 'true' | 'false' }): boolean {
  return lists === 'true';
}

const journal = defineRoute({
  ...get('/runs/:ref/journal'),
  summary: 'Journal entries of a run, a change or a backup operation, after a position',
  action: 'run.read',
  about: aboutJournaled,
  params: ByReference,
  query: z.strictObject(Page),
  answer: JournalPage,
  async handle({ params, query }, { store }) {
    const { id } = await requireJournaled(store, params.ref);
    return readJournalPage(store, id, query);
  },
});

const events = defineFeed({
  ...get('/runs/:ref/events'),
  summary: 'Journal entries as they are appended, until the run ends; goes on after Last-Event-ID',
  action: 'run.read',
  about: aboutRun,
  params: ByReference,
  query: z.strictObject({ after: After, lists: Lists }),
  event: 'entry',
  inLists,
  answer: JournalEntryView,
  async handle({ params, query, caller }, { store, live }) {
    const run = await requireRun(store, params.ref);
    return followJournal({ store, live }, run.id, feedStart(query.after, caller));
  },
});

const logs = defineRoute({
  ...get('/runs/:ref/logs'),
  summary: 'Output of the run after a position, in order of arrival',
  action: 'run.read',
  about: aboutRun,
  params: ByReference,
  query: z.strictObject({ ...Page, ...Filter }),
  answer: OutputPage,
  async handle({ params, query }, { store }) {
    const run = await requireRun(store, params.ref);
    return readOutputPage(store, run.id, query);
  },
});

const liveLogs = defineFeed({
  ...get('/runs/:ref/logs/events'),
  summary: 'Output of the run as it arrives, until the run ends; goes on after Last-Event-ID',
  action: 'run.read',
  about: aboutRun,
  params: ByReference,
  query: z.strictObject({ after: After, lists: Lists, ...Filter }),
  event: 'chunk',
  inLists,
  answer: OutputChunkView,
  async handle({ params, query, caller }, { store, live }) {
    const run = await requireRun(store, params.ref);
    return followOutput({ store, live }, run.id, { ...query, ...feedStart(query.after, caller) });
  },
});

const exported = defineRoute({
  ...get('/runs/:ref/export'),
  summary: 'The whole journal of a run, a change or a backup operation, signed, to be verified offline',
  action: 'evidence.export',
  about: aboutJournaled,
  params: ByReference,
  answer: z.object({ name: z.string(), text: z.string() }),
  async handle({ params }, { store, signingKey }) {
    const { id, name } = await requireJournaled(store, params.ref);
    return {
      name: `${name}.journal.jsonl`,
      text: await exportRun(store, id, { key: signingKey, now: Date.now() }),
    };
  },
});

export const historyRoutes = [journal, events, logs, liveLogs, exported] as const;
