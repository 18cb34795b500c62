import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

import type { Database, Session } from '../../platform/store/database';
import { internScope } from '../../platform/store/scopes';
import { hostWords } from '../../platform/store/words';

/**
 * Rows as the folds write them, made by the database itself: a year of runs, a few runbooks and people with most of them, nearly all of
 * them over. What is rare among the values of a column is rare everywhere else, too.
 */
export const definitionCount = 200;
export const requesterCount = 500;
export const scopeCount = 40;
export const hostCount = 5_000;
export const peopleCount = 1_000;
export const yearStartMs = Date.UTC(2026, 0, 1);
export const yearMs = 365 * 86_400_000;
const openRuns = 600;
const rowsAtOnce = 50_000;

export async function fillRuns(database: Database, count: number): Promise<void> {
  const firstScope = await database.transaction(internScopes);
  for (let start = 1; start <= count; start += rowsAtOnce) {
    const end = Math.min(count, start + rowsAtOnce - 1);
    await database.transaction(async (session) => {
      await insertRuns(session, { start, end, count, firstScope });
      await insertWords(session, { start, end });
    });
  }
  await lookAfter(database);
}

/** As the server does by itself in time; an embedded store has nobody who does. */
async function lookAfter({ dialect, query }: Database): Promise<void> {
  if (dialect === 'postgres') await sql.raw('vacuum analyze').execute(query);
}

async function internScopes(session: Session): Promise<number> {
  const ids: number[] = [];
  for (let index = 0; index < scopeCount; index += 1) {
    const scope = {
      service: [`service-${Math.floor(index / 2)}`],
      environment: [index % 2 === 0 ? 'production' : 'test'],
    };
    ids.push(await internScope(session, scope));
  }
  return ids[0] ?? 0;
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** Spread over the values so that the first of them have most: the cube of an even spread, from the digits of a product. */
function skewed({ dialect }: Session, seed: number, values: number): RawBuilder<number> {
  const even = sql`((n * ${sql.lit(seed)} % 10007) / 10007.0)`;
  const floored = sql`${even} * ${even} * ${even} * ${sql.lit(values)}`;
  return dialect === 'postgres' ? sql`floor(${floored})::bigint` : sql`cast(${floored} as integer)`;
}

async function insertRuns(
  session: Session,
  { start, end, count, firstScope }: Part & { readonly count: number; readonly firstScope: number },
): Promise<void> {
  const firstOpen = count - openRuns;
  const numbers = numbersFrom(session, { start, end });
  const rows = sql`
    select n,
      ${skewed(session, 7_919, definitionCount)} as definition,
      ${skewed(session, 104_729, requesterCount)} as requester,
      ${sql.lit(firstScope)} + ${skewed(session, 1_299_709, scopeCount)} as scope,
      ${sql.lit(yearStartMs)} + n * ${sql.lit(Math.floor(yearMs / count))} as created_at,
      case when n <= ${sql.lit(firstOpen)} then 'closed' when n % 3 = 0 then 'running' when n % 3 = 1 then 'waiting' else 'paused' end as state,
      case when n > ${sql.lit(firstOpen)} then null when n % 17 = 0 then 'failed' when n % 53 = 0 then 'cancelled'
        when n % 997 = 0 then 'undo-failed' else 'succeeded' end as outcome
    from (${numbers}) as numbers`;
  await sql`
    insert into runs (id, number, state, definition, parent, requester, created_at, outcome, ended_at, scope, document)
    select 'r' || n, n, state, 'team/runbook-' || definition, case when n % 4 = 0 then 'r' || (n - 1) else null end,
      'user/person-' || requester, created_at, outcome, case when state = 'closed' then created_at + 60000 else null end, scope,
      ${documentOf(session)}
    from (${rows}) as runs`.execute(session.query);
}

/** Of the usual size: inputs, outputs, and who has what to do with it. */
function documentOf({ dialect }: Session): RawBuilder<string> {
  const object = (...members: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
    sql`${sql.raw(dialect === 'postgres' ? 'json_build_object' : 'json_object')}(${sql.join(members)})`;
  const inputs = object(
    sql`'version', '1.' || (n % 50)`,
    sql`'host', 'web' || (n % ${sql.lit(hostCount)})`,
    sql`'ticket', 'INC' || n`,
    sql`'note', 'as agreed with the owners of the service, between two releases, with nobody waiting for it'`,
  );
  const definition = object(
    sql`'name', 'team/runbook-' || definition`,
    sql`'version', '1.0.0'`,
    sql`'digest', ${sql.lit('d'.repeat(64))}`,
    sql`'title', 'Carry out procedure ' || definition`,
    sql`'owner', 'team/web'`,
  );
  const created = object(
    sql`'number', n`,
    sql`'definition', ${definition}`,
    sql`'planHash', ${sql.lit(`sha256:${'a'.repeat(64)}`)}`,
    sql`'planDigest', ${sql.lit('b'.repeat(64))}`,
    sql`'requester', 'user/person-' || requester`,
    sql`'inputs', ${inputs}`,
    sql`'parent', null`,
    sql`'labels', ${object()}`,
    sql`'at', created_at`,
  );
  const ended = object(
    sql`'outcome', outcome`,
    sql`'degraded', ${sql.raw(dialect === 'postgres' ? 'false' : "json('false')")}`,
    sql`'outputs', ${object(sql`'summary', ${sql.lit('everything that was to be done has been done '.repeat(6))}`)}`,
    sql`'error', null`,
    sql`'undone', ${sql.raw(dialect === 'postgres' ? 'json_build_array()' : 'json_array()')}`,
    sql`'exceptions', ${sql.raw(dialect === 'postgres' ? 'json_build_array()' : 'json_array()')}`,
    sql`'stateDigest', null`,
    sql`'at', created_at + 60000`,
  );
  const document = object(
    sql`'created', ${created}`,
    sql`'state', state`,
    sql`'reason', ''`,
    sql`'stateAt', created_at`,
    sql`'startedAt', created_at`,
    sql`'resumedAt', null`,
    sql`'resumedSeq', 0`,
    sql`'ended', ${ended}`,
  );
  return dialect === 'postgres' ? sql`(${document})::text` : sql<string>`${document}`;
}

const hostsOfRun = 10;

/** One of its fleet, as it is looked for. */
function hostName(n: RawBuilder<unknown>): RawBuilder<string> {
  const beginning = hostWords('node-0')
    .map((word) => word.slice(0, -1))
    .join('');
  return sql<string>`${sql.lit(beginning)} || (${n} % ${sql.lit(hostCount)})`;
}

/** The words that `run.created` would have given. */
async function insertWords(session: Session, { start, end }: Part): Promise<void> {
  const definition = skewed(session, 7_919, definitionCount);
  const requester = skewed(session, 104_729, requesterCount);
  const words = [
    sql`n`,
    sql`'team'`,
    sql`'runbook'`,
    definition,
    sql`'carry'`,
    sql`'procedure'`,
    sql`'user'`,
    sql`'person'`,
    requester,
    sql`'web'`,
    sql`'web' || (n % ${sql.lit(hostCount)})`,
    sql`'inc' || n`,
    sql`'agreed'`,
    sql`'owners'`,
    sql`'service'`,
    sql`'releases'`,
    ...Array.from({ length: hostsOfRun }, (_none, index) => sql`${hostName(sql`(n * 31 + ${sql.lit(index * 97)})`)}`),
  ];
  const numbers = numbersFrom(session, { start, end });
  const texts = words.map((word) => sql`cast(${word} as text)`);
  const statement =
    session.dialect === 'postgres'
      ? sql`insert into run_search (number, words) select n, array_to_tsvector(array[${sql.join(texts)}]) from (${numbers}) as numbers`
      : sql`insert into run_search (rowid, words) select n, ${sql.join(texts, sql` || ' ' || `)} from (${numbers}) as numbers`;
  await statement.execute(session.query);
}

/** Each asks two people and one of a hundred teams. */
export async function fillTasks(
  database: Database,
  { count, runs }: { readonly count: number; readonly runs: number },
): Promise<void> {
  for (let start = 1; start <= count; start += rowsAtOnce) {
    const end = Math.min(count, start + rowsAtOnce - 1);
    await database.transaction((session) => insertTasks(session, { start, end, runs }));
  }
  await lookAfter(database);
}

async function insertTasks(session: Session, { start, end, runs }: Part & { readonly runs: number }): Promise<void> {
  const numbers = numbersFrom(session, { start, end });
  const run = sql`'r' || (n % ${sql.lit(runs)} + 1)`;
  const openedAt = sql`${sql.lit(yearStartMs)} + n`;
  const people = sql`'user/person-' || (n % ${sql.lit(peopleCount)})`;
  const document = sql`'{"id":"t' || n || '","task":{"id":"t' || n || '","kind":"approval","path":"approve","title":"Go on?","candidates":["' || ${people} || '"],"options":["approve","reject"],"min":1,"rejectOn":1,"excludeRequester":true,"form":null,"show":{},"planHash":"","showHash":"","openedAt":1,"dueAt":null,"onDue":null,"hosts":[]},"votes":[],"closed":null}'`;
  await sql`
    insert into tasks (run_id, id, opened_at, is_open, scope, document)
    select ${run}, 't' || n, ${openedAt}, 1, 1 + n % ${sql.lit(scopeCount)}, ${document} from (${numbers}) as numbers`.execute(
    session.query,
  );
  const principals = [
    people,
    sql`'user/person-' || (n * 7 % ${sql.lit(peopleCount)} + 1000)`,
    sql`'team/team-' || (n % 100)`,
  ];
  for (const principal of principals)
    await sql`
      insert into task_people (principal, run_id, task_id, priority, opened_at)
      select ${principal}, ${run}, 't' || n, case when n % 20 = 0 then 1 else 3 end, ${openedAt}
      from (${numbers}) as numbers`.execute(session.query);
}

function numbersFrom({ dialect }: Session, { start, end }: Part): RawBuilder<unknown> {
  if (dialect === 'postgres') return sql`select n from generate_series(${start}::bigint, ${end}::bigint) as series (n)`;
  return sql`with recursive series (n) as (select ${sql.lit(start)} union all select n + 1 from series where n < ${sql.lit(end)}) select n from series`;
}
