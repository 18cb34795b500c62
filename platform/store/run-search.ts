import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import type { Scope } from '../../workflows/domain/authorization';
import type { JournalPayloads } from '../../workflows/domain/journal';
import { scopeOfLabels } from '../../workflows/domain/scope';
import type { Session } from './database';
import { hostWords, labelWord, soughtNames, textsOf, wordsIn } from './words';
import type { Sought } from './words';

/** What runs are looked for by, besides their columns. Written once: nothing of it changes while they go on. */
export async function saveRunWords(session: Session, created: JournalPayloads['run.created']): Promise<void> {
  const { number } = created;
  const words = wordsOf(created);
  const statement =
    session.dialect === 'postgres'
      ? sql`insert into run_search (number, words) values (${number}, array_to_tsvector(${words}::text[]))
            on conflict (number) do update set words = excluded.words`
      : sql`insert or replace into run_search (rowid, words) values (${number}, ${words.join(' ')})`;
  await statement.execute(session.query);
}

export async function clearRunWords(session: Session, runId: string): Promise<void> {
  const key = sql.ref(keyOf(session));
  await sql`delete from run_search where ${key} in (select number from runs where id = ${runId})`.execute(
    session.query,
  );
}

/** Numbers of the runs that have all the words: a condition on the column `number`. */
export async function isFoundBy(session: Session, text: string, page: Page | null): Promise<RawBuilder<SqlBool>> {
  const found = foundBy(session, text);
  return found === null ? sql`1 = 0` : ((await isAmong(session, found, page)) ?? sql`1 = 0`);
}

/** Those that say this label themselves, where their scope does not say it. Null: there are none. */
export function isLabelled(session: Session, label: Label): Promise<RawBuilder<SqlBool> | null> {
  const word = labelWord(label);
  const found =
    session.dialect === 'postgres'
      ? sql`select number from run_search where words @@ ${`'${word}'`}::tsquery`
      : sql`select rowid as number from run_search where run_search match ${`"${word}"`}`;
  return isAmong(session, found, null);
}

interface Label {
  readonly name: string;
  readonly value: string;
}

/** Null: nothing is found. */
async function isAmong(
  session: Session,
  found: RawBuilder<unknown>,
  page: Page | null,
): Promise<RawBuilder<SqlBool> | null> {
  // How common a beginning is the database cannot tell: it would look through a million runs for the one that has it.
  const { rows } = await sql<{ readonly number: number }>`${found} limit ${fewRuns + 1}`.execute(session.query);
  if (rows.length > fewRuns) return sql`number in (${page === null ? found : newestOf(session, found, page)})`;
  if (rows.length === 0) return null;
  const numbers = rows.map(({ number }) => number);
  return session.dialect === 'postgres'
    ? sql`number = any(${numbers}::bigint[])`
    : sql`number in (select value from json_each(${JSON.stringify(numbers)}))`;
}

/** That page is enough, of which nothing is left out again. */
export interface Page {
  readonly limit: number;
  readonly before?: number;
}

function newestOf(session: Session, found: RawBuilder<unknown>, { limit, before }: Page): RawBuilder<unknown> {
  const key = sql.ref(keyOf(session));
  const below = before === undefined ? sql`` : sql` and ${key} < ${before}`;
  return sql`${found}${below} order by ${key} desc limit ${limit}`;
}

/** So many are sorted at once; of more than these the newest are soon found on the way through all runs. */
const fewRuns = 2_000;

/** Null: there is nothing to look for. */
function foundBy({ dialect }: Session, text: string): RawBuilder<unknown> | null {
  const sought = soughtNames(text);
  if (sought.length === 0) return null;
  if (dialect === 'postgres') {
    const all = sought.map((each) => condition(each, { and: '&', or: '|', quote: "'", beginning: ':*' })).join(' & ');
    return sql`select number from run_search where words @@ ${all}::tsquery`;
  }
  const all = sought.map((each) => condition(each, { and: 'AND', or: 'OR', quote: '"', beginning: '*' })).join(' AND ');
  return sql`select rowid as number from run_search where run_search match ${all}`;
}

interface Signs {
  readonly and: string;
  readonly or: string;
  readonly quote: string;
  readonly beginning: string;
}

/** Words are letters and digits (W1): nothing in them is a sign. */
function condition({ words, host }: Sought, { and, or, quote, beginning }: Signs): string {
  const all = words.map(({ word, isBeginning }) => `${quote}${word}${quote}${isBeginning ? beginning : ''}`);
  return `((${all.join(` ${and} `)}) ${or} ${quote}${host}${quote})`;
}

function keyOf({ dialect }: Session): string {
  return dialect === 'postgres' ? 'number' : 'rowid';
}

export function hasLabel(scope: Scope, { name, value }: Label): boolean {
  return Object.hasOwn(scope, name) && scope[name]?.includes(value) === true;
}

function wordsOf(created: JournalPayloads['run.created']): readonly string[] {
  const { number, definition, requester, labels, scope = scopeOfLabels(labels), inputs, hosts = [] } = created;
  const words = wordsIn([
    String(number),
    definition.name,
    definition.title,
    requester,
    definition.owner,
    ...Object.entries(labels).flat(),
    ...Object.values(scope).flat(),
    ...textsOf(inputs),
  ]);
  const own = Object.entries(labels)
    .map(([name, value]) => ({ name, value }))
    .filter((label) => !hasLabel(scope, label));
  return [...new Set([...words, ...hosts.flatMap(hostWords), ...own.map(labelWord)])];
}
