import { sql } from 'kysely';
import type { SelectQueryBuilder, SqlBool } from 'kysely';
import type { Session } from './database';
import { runRow } from './folds/run';
import type { RunDocument } from './folds/run';
import { hasLabel, isFoundBy, isLabelled } from './run-search';
import type { Page } from './run-search';
import { readDocument } from './schema';
import type { Schema } from './schema';
import { isOfScopes } from './scopes';
import type { KnownScope, Scopes } from './scopes';
import type { RunFilter, RunRow, RunSelection } from './store';

/**
 * Lists of runs, newest first.
 *
 * - L1 The order is that of the numbers, and a page goes on below one: however deep, it costs what the first page costs.
 * - L2 Each narrowing has an index that ends with the number, so that a page is read from its beginning.
 */
export async function listRuns(session: Session, scopes: Scopes, filter: RunFilter): Promise<readonly RunRow[]> {
  const { limit, before } = filter;
  const select = (await narrowed(session, scopes, filter)).select(['id', 'document']);
  const below = before === undefined ? select : select.where('number', '<', before);
  return runRows(await below.orderBy('number', 'desc').limit(limit).execute());
}

/** Never counts further than `upTo`: who has that many wants to know no more than that. */
export async function countRuns(
  session: Session,
  scopes: Scopes,
  { upTo, ...selection }: RunSelection & { readonly upTo: number },
): Promise<number> {
  const some = (await narrowed(session, scopes, selection)).select('number').limit(upTo);
  const { count } = await session.query
    .selectFrom(some.as('some'))
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export function runRows(rows: readonly { readonly id: string; readonly document: string }[]): RunRow[] {
  return rows.map(({ id, document }) => runRow(id, readDocument<RunDocument>(document))).filter((row) => row !== null);
}

type Runs = SelectQueryBuilder<Schema, 'runs', object>;

async function narrowed(session: Session, scopes: Scopes, selection: RunSelection | RunFilter): Promise<Runs> {
  const { state, outcome, definition, requester, parent, text } = selection;
  let select: Runs = session.query.selectFrom('runs').where('number', 'is not', null);
  if (state !== undefined) select = select.where('state', '=', state);
  if (outcome !== undefined) select = select.where('outcome', '=', outcome);
  if (definition !== undefined) select = select.where('definition', '=', definition);
  if (requester !== undefined) select = select.where('requester', '=', requester);
  if (parent !== undefined) select = select.where('parent', parent === null ? 'is' : '=', parent);
  if (text !== undefined) select = select.where(await isFoundBy(session, text, pageOf(selection)));
  select = await withLabels(session, select, { ...selection, known: await scopes.list() });
  return withinTime(session, select, selection);
}

/** Null: besides the words something else decides, so that all that have the words are wanted. */
function pageOf(asked: RunSelection | RunFilter): Page | null {
  if (!('limit' in asked)) return null;
  const { limit, before, text: _words, scopeIds = null, ...others } = asked;
  if (scopeIds !== null || Object.values(others).some((narrowing) => narrowing !== undefined)) return null;
  return before === undefined ? { limit } : { limit, before };
}

/**
 * A run has a label by its scope or by its own word, each run for itself: what nobody selected by when one was created may be part of the
 * scope of the next. What may be seen is narrowed by no label but that way (L2).
 */
async function withLabels(session: Session, runs: Runs, asked: Labelled): Promise<Runs> {
  const { known, labels = [], scopeIds = null } = asked;
  let select = runs;
  let ids = scopeIds;
  for (const label of labels) {
    const having = known.filter(({ scope }) => hasLabel(scope, label)).map(({ id }) => id);
    const own = await isLabelled(session, label);
    if (own === null) ids = ids === null ? having : having.filter((id) => ids?.includes(id));
    else if (having.length === 0) select = select.where(own);
    else select = select.where(sql<SqlBool>`(${isOfScopes(session, 'scope', having)} or ${own})`);
  }
  return ids === null ? select : select.where(isOfScopes(session, 'scope', ids));
}

interface Labelled extends Pick<RunSelection, 'labels' | 'scopeIds'> {
  readonly known: readonly KnownScope[];
}

/**
 * Numbers are given in order, times of creation nearly so: between two numbers all other narrowings find their place at once (L2). A
 * child that is entered again and again while the store is away has the time of the first try, and the number of the last.
 */
const orderSlackMs = 24 * 60 * 60 * 1000;

async function withinTime(session: Session, runs: Runs, { fromMs, toMs }: RunSelection): Promise<Runs> {
  let select = runs;
  if (fromMs !== undefined) {
    const before = await numberAt(session, '<', fromMs - orderSlackMs);
    if (before !== null) select = select.where('number', '>', before);
    select = select.where('created_at', '>=', fromMs);
  }
  if (toMs !== undefined) {
    const after = await numberAt(session, '>', toMs + orderSlackMs);
    if (after !== null) select = select.where('number', '<', after);
    select = select.where('created_at', '<', toMs);
  }
  return select;
}

/** Of the last run before that time, or of the first one after it. */
async function numberAt({ query }: Session, side: '<' | '>', at: number): Promise<number | null> {
  const row = await query
    .selectFrom('runs')
    .select('number')
    .where('number', 'is not', null)
    .where('created_at', side, at)
    .orderBy('created_at', side === '<' ? 'desc' : 'asc')
    .limit(1)
    .executeTakeFirst();
  return row?.number ?? null;
}
