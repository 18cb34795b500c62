import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import type { JournalPayloads } from '../../workflows/domain/journal';
import type { Session } from './database';
import { soughtIn, textsOf, wordsIn } from './words';

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
  if (found === null) return sql`1 = 0`;
  // How common a beginning is the database cannot tell: it would look through a million runs for the one that has it.
  const { rows } = await sql<{ readonly number: number }>`${found} limit ${fewRuns + 1}`.execute(session.query);
  if (rows.length > fewRuns) return sql`number in (${page === null ? found : newestOf(session, found, page)})`;
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
  const sought = soughtIn(text);
  if (sought.length === 0) return null;
  if (dialect === 'postgres') {
    const all = sought.map(({ word, isBeginning }) => `'${word}'${isBeginning ? ':*' : ''}`).join(' & ');
    return sql`select number from run_search where words @@ ${all}::tsquery`;
  }
  const all = sought.map(({ word, isBeginning }) => `"${word}"${isBeginning ? '*' : ''}`).join(' ');
  return sql`select rowid as number from run_search where run_search match ${all}`;
}

function keyOf({ dialect }: Session): string {
  return dialect === 'postgres' ? 'number' : 'rowid';
}

function wordsOf(created: JournalPayloads['run.created']): readonly string[] {
  const { number, definition, requester, labels, scope = {}, inputs } = created;
  return wordsIn([
    String(number),
    definition.name,
    definition.title,
    requester,
    definition.owner,
    ...Object.entries(labels).flat(),
    ...Object.values(scope).flat(),
    ...textsOf(inputs),
  ]);
}
