import { z } from 'zod';

import type { RunFilter, RunSelection, Store } from '../../../platform/store/store';
import { isChangeId } from '../../../workflows/domain/change-ids';
import { cursorOf, CursorText, placeOf } from '../cursor';
import { defineRoute, get } from '../route';
import { RunOutcome, RunRow, RunState } from '../schema';

/** `environment:production`. */
const LabelText = z
  .string()
  .regex(/^[^:]+:./, 'Expected label:value')
  .max(500);

/** A day begins at midnight, UTC. */
const Instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

const Place = z.object({ before: z.number().int().min(1) });

const selection = {
  state: RunState.exactOptional(),
  outcome: RunOutcome.exactOptional(),
  definition: z.string().exactOptional(),
  requester: z.string().exactOptional(),
  /** Once or several times: all of them must fit. */
  label: z.union([LabelText, z.array(LabelText).max(10)]).exactOptional(),
  /** A run, a change or a backup operation that they are part of; `none`: those that are part of nothing. */
  parent: z.string().min(1).max(200).exactOptional(),
  /** Created in this time; `to` is not part of it. */
  from: Instant.exactOptional(),
  to: Instant.exactOptional(),
  /** Words of number, runbook, requester, labels and inputs, or names of the first 1,000 hosts of the plan. */
  q: z.string().max(500).exactOptional(),
};

const list = defineRoute({
  ...get('/runs'),
  summary: 'List and search runs, newest first',
  action: 'run.read',
  about: 'filtered',
  query: z.strictObject({
    ...selection,
    limit: z.coerce.number().int().min(1).max(1_000).default(50),
    /** What the page before says as `next`. */
    cursor: CursorText.exactOptional(),
    /** Run number to go on below. */
    before: z.coerce.number().int().min(1).exactOptional(),
  }),
  answer: z.object({
    runs: z.array(RunRow),
    /** Ask on with this as `cursor`; null: there is nothing further. */
    next: z.string().nullable(),
  }),
  async handle({ query, caller: { access } }, { engine, store }) {
    const { limit, cursor, before, ...asked } = query;
    const scopeIds = access.scopeIds('run.read', await store.scopes.list());
    const filter: RunFilter = {
      ...(await selectionOf(store, asked)),
      scopeIds,
      // One more tells whether there is a next page.
      limit: limit + 1,
      ...(before === undefined ? {} : { before }),
      ...(cursor === undefined ? {} : placeOf(cursor, Place)),
    };
    const found = await engine.runs(filter);
    const runs = found.slice(0, limit);
    const last = runs.at(-1);
    const next = found.length > limit && last !== undefined ? cursorOf({ before: last.number }) : null;
    return { runs: [...runs], next };
  },
});

const countedUpTo = 1_000;

const Count = z.object({
  count: z.number(),
  /** There are more: nobody counts a million of them for a number beside a word. */
  more: z.boolean(),
});

const counts = defineRoute({
  ...get('/runs/counts'),
  summary: `How many runs are in each state, exact up to ${countedUpTo}`,
  action: 'run.read',
  about: 'filtered',
  query: z.strictObject(selection).omit({ state: true }),
  answer: z.object({
    counts: z.object({ pending: Count, running: Count, waiting: Count, paused: Count, closed: Count }),
  }),
  async handle({ query, caller: { access } }, { store }) {
    const asked = await selectionOf(store, query);
    const scopeIds = access.scopeIds('run.read', await store.scopes.list());
    const countOf = async (state: z.infer<typeof RunState>) => {
      const count = await store.views.countRuns({ ...asked, scopeIds, state, upTo: countedUpTo + 1 });
      return { count: Math.min(count, countedUpTo), more: count > countedUpTo };
    };
    const [pending, running, waiting, paused, closed] = await Promise.all([
      countOf('pending'),
      countOf('running'),
      countOf('waiting'),
      countOf('paused'),
      countOf('closed'),
    ]);
    return { counts: { pending, running, waiting, paused, closed } };
  },
});

type Asked = z.infer<z.ZodObject<typeof selection>>;

async function selectionOf(store: Store, asked: Asked): Promise<RunSelection> {
  const { label, parent, from, to, q, ...exact } = asked;
  const labels = (label === undefined ? [] : [label].flat()).map(labelOf);
  return {
    ...exact,
    ...(labels.length === 0 ? {} : { labels }),
    ...(parent === undefined ? {} : { parent: await idOfParent(store, parent) }),
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    ...(q === undefined || q.trim() === '' ? {} : { text: q }),
  };
}

function labelOf(text: string): { readonly name: string; readonly value: string } {
  const end = text.indexOf(':');
  return { name: text.slice(0, end), value: text.slice(end + 1) };
}

/** What nobody knows has no parts: whether there is such a thing is not told to those who may not see it. */
async function idOfParent({ views, changes }: Store, reference: string): Promise<string | null> {
  if (reference === 'none') return null;
  if (/^CHG-/i.test(reference) || isChangeId(reference)) return (await changes.find(reference))?.id ?? reference;
  return (await views.findRun(reference))?.id ?? reference;
}

export const runListRoutes = [list, counts] as const;
