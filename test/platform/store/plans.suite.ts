import { CompiledQuery, Kysely, sql } from 'kysely';
import type { Session } from '../../../platform/store/database';
import { LibsqlDialect } from '../../../platform/store/libsql-dialect';
import { migrate } from '../../../platform/store/migrate';
import { createStore } from '../../../platform/store/open';
import { postgresDialect } from '../../../platform/store/postgres-dialect';
import type { Schema } from '../../../platform/store/schema';
import type { Store } from '../../../platform/store/store';
import type { StoreBed } from './dialects';
import { runCreated, runEnded } from './entries';

const definition = { name: 'web/upgrade-3', version: '1.0.0', digest: 'd1', title: 'Upgrade', owner: 'team/web' };
const place = { createdAt: 5_000, id: 'n5000' };
const about = { kind: 'run', id: 'r7' } as const;
const recipient = 'user/person-7';
const after = { openedAt: 5_000, runId: 'r5', id: 't5' };

interface Case {
  readonly name: string;
  readonly table: 'runs' | 'notices' | 'tasks';
  readonly ask: (store: Store) => Promise<unknown>;
  /** Those that may be gone by. */
  readonly indexes: readonly string[];
}

/** A list is read in the order of an index; of what may be wanted at all the rarest narrowing decides. */
const cases: readonly Case[] = [
  {
    name: 'whether a run is the first that succeeds again',
    table: 'runs',
    ask: async ({ journal }) => {
      await journal.append('run/again', [runCreated({ number: 30_000, definition })]);
      return journal.append('run/again', [runEnded()]);
    },
    // It is found by its id besides.
    indexes: ['runs_recovery', 'sqlite_autoindex_runs_1'],
  },
  notices('all', {}, ['notices_created']),
  notices('all, deep', { before: place }, ['notices_created']),
  notices('of a state', { state: 'sent' }, ['notices_state']),
  notices('of a state, deep', { state: 'sent', before: place }, ['notices_state']),
  notices('of a recipient', { recipient }, ['notices_recipient']),
  notices('of a recipient, deep', { recipient, before: place }, ['notices_recipient']),
  notices('of a recipient and a state', { recipient, state: 'sent', before: place }, ['notices_recipient']),
  notices('of a process', { about }, ['notices_about']),
  notices('of a process and a state', { about, state: 'sent', before: place }, ['notices_about']),
  notices('of a process and a recipient', { about, recipient, before: place }, ['notices_about']),
  {
    name: 'notices that are due, each with its message',
    table: 'notices',
    ask: (store) => store.notices.take({ now: 99_000_000, leaseMs: 1, limit: 10 }),
    indexes: ['notices_due', 'notices_gathered', 'notices_batch', 'sqlite_autoindex_notices_1'],
  },
  {
    name: 'tasks, also closed ones',
    table: 'tasks',
    ask: (store) => store.views.tasks({ limit: 100 }),
    indexes: ['tasks_opened'],
  },
  {
    name: 'tasks, also closed ones, deep',
    table: 'tasks',
    ask: (store) => store.views.tasks({ limit: 100, after }),
    indexes: ['tasks_opened'],
  },
];

function notices(
  name: string,
  filter: Omit<Parameters<Store['notices']['list']>[0], 'limit'>,
  indexes: readonly string[],
): Case {
  return {
    name: `notices: ${name}`,
    table: 'notices',
    ask: (store) => store.notices.list({ ...filter, limit: 100 }),
    indexes,
  };
}

const rows = 20_000;

/** A few are due; of what was settled each row has a person of fifty and a process of five thousand. */
async function fill({ query, dialect }: Session): Promise<void> {
  const numbers =
    dialect === 'postgres'
      ? sql`select n from generate_series(1, ${sql.lit(rows)}) as series (n)`
      : sql`with recursive series (n) as (select 1 union all select n + 1 from series where n < ${sql.lit(rows)}) select n from series`;
  await sql`
    insert into notices (id, about_kind, about_id, what, stream, seq, recipient, channel, state, attempts, next_at, plan_hash,
      show_hash, expires_at, created_at, gathered, batch)
    select 'n' || n, 'run', 'r' || (n % 5000), 'run.failed', 'run/r' || n, 1, 'user/person-' || (n % 50), 'mail',
      case when n > ${sql.lit(rows - 40)} then 'pending' when n % 4 = 0 then 'addressed' when n % 100 = 1 then 'failed' else 'sent' end,
      1, n, '', '', 0, n, n % 2, case when n % 10 = 1 then 'n' || n else null end
    from (${numbers}) as numbers`.execute(query);
  await sql`
    insert into runs (id, number, state, definition, parent, requester, created_at, outcome, ended_at, document)
    select 'r' || n, n, 'closed', 'web/upgrade-' || (n % 20), case when n % 4 = 0 then 'r' || (n - 1) else null end, 'user/anna', n,
      case when n % 17 = 0 then 'failed' else 'succeeded' end, n, '{"ended":null}'
    from (${numbers}) as numbers`.execute(query);
  await sql`
    insert into tasks (run_id, id, opened_at, is_open, document)
    select 'r' || n, 't' || n, n, 0, '{"task":null}' from (${numbers}) as numbers`.execute(query);
  if (dialect === 'postgres') await sql`analyze`.execute(query);
}

/** Explained by another connection: one of libsql that explains sees nothing that is written later. */
async function plansOf(query: Kysely<Schema>, dialect: StoreBed['dialect'], asked: readonly CompiledQuery[]) {
  const lines: string[] = [];
  for (const { sql: text, parameters } of asked) {
    if (!/^(?:select|update|delete)\b/.test(text)) continue;
    const explain = dialect === 'postgres' ? 'explain' : 'explain query plan';
    const plan = await query.executeQuery<PlanLine>(CompiledQuery.raw(`${explain} ${text}`, [...parameters]));
    lines.push(...plan.rows.map((row) => row.detail ?? row['QUERY PLAN'] ?? ''));
  }
  return lines;
}

interface PlanLine {
  readonly detail?: string;
  readonly 'QUERY PLAN'?: string;
}

/**
 * What a plan does that it must not. PostgreSQL knows how many rows there are and may choose among the indexes; libsql knows nothing, and
 * what it goes by must be right however many there are.
 */
function faultsOf(dialect: StoreBed['dialect'], lines: readonly string[], { table, indexes }: Case): readonly string[] {
  if (dialect === 'postgres') return lines.filter((line) => line.includes(`Seq Scan on ${table}`));
  return lines.filter((line) => {
    const [, access, index] = /^(?:SEARCH|SCAN) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(line) ?? [];
    return access === table && !indexes.includes(index ?? 'none');
  });
}

export function plansSuite(bed: StoreBed): void {
  test('nothing that is asked while entries are written or a list is turned over goes by the wrong index', async () => {
    const options = await bed.newPlace();
    await migrate(bed.open(options));
    await bed.open(options).transaction(fill);
    const asked: CompiledQuery[] = [];
    const query = new Kysely<Schema>({
      dialect: options.kind === 'postgres' ? postgresDialect(options) : new LibsqlDialect(options),
      log: ({ query: each }) => void asked.push(each),
    });
    const store = createStore({
      ...bed.open(options),
      query,
      transaction: (work) =>
        query.transaction().execute((transaction) => work({ dialect: bed.dialect, query: transaction })),
    });

    const found: Record<string, readonly string[]> = {};
    for (const each of cases) {
      asked.length = 0;
      await each.ask(store);
      const lines = await plansOf(bed.open(options).query, bed.dialect, asked.splice(0));
      const faults = faultsOf(bed.dialect, lines, each);
      if (lines.length === 0 || faults.length > 0) found[each.name] = faults;
    }
    await query.destroy();

    expect(found).toEqual({});
  }, 60_000);
}
