import { standingOf } from '../../workflows/domain/change-standing';
import type { ChangeFilter, ChangeRow, Changes, MeetingChange, MeetingQuestion } from './change-row';
import { inChunks } from './chunks';
import { nextNumber } from './counters';
import type { Database } from './database';
import { loadChange } from './folds/change-tables';
import { changeRow } from './folds/changes';
import type { ChangeDocument } from './folds/changes';
import { readDocument } from './schema';
import { isOfScopes } from './scopes';
import { compareText } from './text-order';

export function createChanges(database: Database): Changes {
  return {
    nextNumber: () => nextNumber(database, 'change'),
    list: (filter) => list(database, filter),
    find: (reference) => find(database, reference),
    get: async (id) => {
      const change = await loadChange(database, id);
      return change === null ? null : changeRow(id, change);
    },
    items: (id) => items(database, id),
    meeting: (question) => meeting(database, question),
  };
}

async function list(database: Database, filter: ChangeFilter): Promise<readonly ChangeRow[]> {
  const { query } = database;
  const { phase, requester, item, fromMs, toMs, open, limit, before, scopeIds = null } = filter;
  let select = query.selectFrom('changes').select(['id', 'document']).where('number', 'is not', null);
  if (phase !== undefined) select = select.where('phase', '=', phase);
  if (requester !== undefined) select = select.where('requester', '=', requester);
  if (open !== undefined) select = select.where('standing', open ? '!=' : '=', 'over');
  if (fromMs !== undefined) select = select.where('end_ms', '>', fromMs);
  if (toMs !== undefined) select = select.where('start_ms', '<', toMs);
  if (before !== undefined) select = select.where('number', '<', before);
  if (scopeIds !== null) select = select.where(isOfScopes(database, 'scope', scopeIds));
  if (item !== undefined)
    select = select.where('id', 'in', query.selectFrom('change_items').select('change_id').where('item', '=', item));
  return changeRows(await select.orderBy('number', 'desc').limit(limit).execute());
}

function changeRows(rows: readonly { readonly id: string; readonly document: string }[]): ChangeRow[] {
  return rows
    .map(({ id, document }) => changeRow(id, readDocument<ChangeDocument>(document)))
    .filter((row) => row !== null);
}

async function find({ query }: Database, reference: string): Promise<ChangeRow | null> {
  const opened = query.selectFrom('changes').select(['id', 'document']).where('number', 'is not', null);
  const number = /^(?:CHG-)?(\d{1,15})$/i.exec(reference)?.[1];
  if (number !== undefined) {
    const [byNumber] = changeRows(await opened.where('number', '=', Number(number)).execute());
    return byNumber ?? null;
  }
  if (reference === '') return null;
  const from = opened.where('id', '>=', reference).where('id', '<', `${reference}\uffff`);
  const [first, second] = changeRows(await from.orderBy('id').limit(2).execute());
  if (first === undefined) return null;
  return first.id === reference || second === undefined ? first : null;
}

async function items({ query }: Database, id: string): Promise<readonly string[]> {
  const rows = await query
    .selectFrom('change_items')
    .select('item')
    .where('change_id', '=', id)
    .orderBy('item')
    .execute();
  return rows.map(({ item }) => item);
}

/** By item and by person first: there are few of those, however many changes wait. */
async function meeting(database: Database, question: MeetingQuestion): Promise<readonly MeetingChange[]> {
  const { query } = database;
  const ids = new Set<string>();
  for (const chunk of inChunks([...new Set(question.items)])) {
    const found = await inTheWay(database, question)
      .innerJoin('change_items', 'change_items.change_id', 'changes.id')
      .where('change_items.item', 'in', chunk)
      .select('changes.id')
      .distinct()
      .execute();
    for (const { id } of found) ids.add(id);
  }
  for (const chunk of inChunks([...new Set(question.assignees)])) {
    const found = await inTheWay(database, question)
      .innerJoin('change_assignees', 'change_assignees.change_id', 'changes.id')
      .where('change_assignees.person', 'in', chunk)
      .select('changes.id')
      .distinct()
      .execute();
    for (const { id } of found) ids.add(id);
  }
  const rows: ChangeRow[] = [];
  for (const chunk of inChunks([...ids]))
    rows.push(
      ...changeRows(await query.selectFrom('changes').select(['id', 'document']).where('id', 'in', chunk).execute()),
    );
  const met: MeetingChange[] = [];
  for (const row of rows.toSorted((left, right) => compareText(left.id, right.id)))
    met.push(...plannedChange(row, await items(database, row.id)));
  return met;
}

function inTheWay({ query }: Database, { startMs, endMs, except }: MeetingQuestion) {
  return query
    .selectFrom('changes')
    .where('changes.id', '!=', except)
    .where('changes.number', 'is not', null)
    .where('changes.standing', 'in', ['planned', 'under-way'])
    .where('changes.taken_from_ms', '<', endMs)
    .where((is) => is.or([is('changes.end_ms', '>', startMs), is('changes.standing', '=', 'under-way')]));
}

function plannedChange(row: ChangeRow, items: readonly string[]): readonly MeetingChange[] {
  const { id, number, title, assessed, requester, assignees, window, preparationMs, claimedAt, phase } = row;
  if (window === null) return [];
  const { startMs, endMs: windowEndMs } = window;
  const type = typeOf(assessed?.type);
  const standing = standingOf(phase);
  return [
    {
      id,
      number,
      title,
      type,
      owner: requester,
      assignees,
      items,
      startMs,
      windowEndMs,
      preparationMs,
      standing,
      claimedAt,
    },
  ];
}

function typeOf(type: string | undefined): MeetingChange['type'] {
  return type === 'standard' || type === 'emergency' ? type : 'normal';
}
