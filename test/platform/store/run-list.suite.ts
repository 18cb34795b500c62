import { CompiledQuery, Kysely, sql } from 'kysely';
import type { Session } from '../../../platform/store/database';
import { migrate } from '../../../platform/store/migrate';
import { migrations } from '../../../platform/store/migrations';
import { createStore } from '../../../platform/store/open';
import { postgresDialect } from '../../../platform/store/postgres-dialect';
import type { Schema } from '../../../platform/store/schema';
import type { RunSelection, Store } from '../../../platform/store/store';
import { fillRuns, fillTasks } from '../../../bench/lists/rows';
import { questions } from '../../../bench/lists/questions';
import type { StoreBed } from './dialects';
import { runCreated, runEnded, runStarted, taskOpened } from './entries';
import { dumpFolds } from './fold-tables';

const dayMs = 86_400_000;

const definition = { version: '1.0.0', digest: 'd', title: 'Upgrade the shop', owner: 'team/web' };

/** Four runs of four days. */
async function fill(store: Store, hosts = ['db-03.example.com', 'app-12']): Promise<void> {
  await store.journal.append('run/r1', [
    runCreated({ number: 1, requester: 'user/anna', scope: { service: ['shop'], env: ['prod'] } }, dayMs),
    runEnded({ outcome: 'failed' }, dayMs + 1),
  ]);
  await store.journal.append('run/r2', [
    runCreated(
      {
        number: 2,
        requester: 'user/ben',
        parent: 'r1',
        inputs: { ticket: 'INC-77' },
        hosts,
      },
      2 * dayMs,
    ),
    runStarted(false, 2 * dayMs + 1),
  ]);
  await store.journal.append('run/r3', [
    runCreated(
      { number: 3, definition: { ...definition, name: 'shop/upgrade' }, scope: { service: ['shop'], env: ['test'] } },
      3 * dayMs,
    ),
  ]);
  await store.journal.append('run/r4', [
    runCreated(
      { number: 4, inputs: { hosts: ['web-12', 'db1'], note: 'übermorgen' }, labels: { env: 'prod' } },
      4 * dayMs,
    ),
    runEnded({ outcome: 'succeeded' }, 4 * dayMs + 1),
  ]);
}

const cases: readonly { readonly name: string; readonly asked: RunSelection; readonly runs: readonly string[] }[] = [
  { name: 'everything', asked: {}, runs: ['r4', 'r3', 'r2', 'r1'] },
  { name: 'an outcome', asked: { outcome: 'failed' }, runs: ['r1'] },
  { name: 'a state', asked: { state: 'running' }, runs: ['r2'] },
  { name: 'a requester', asked: { requester: 'user/ben' }, runs: ['r2'] },
  { name: 'a runbook', asked: { definition: 'shop/upgrade' }, runs: ['r3'] },
  { name: 'a label of the scope', asked: { labels: [{ name: 'service', value: 'shop' }] }, runs: ['r3', 'r1'] },
  { name: 'a label of its own', asked: { labels: [{ name: 'env', value: 'prod' }] }, runs: ['r4', 'r1'] },
  {
    name: 'two labels',
    asked: {
      labels: [
        { name: 'service', value: 'shop' },
        { name: 'env', value: 'prod' },
      ],
    },
    runs: ['r1'],
  },
  { name: 'a label that nothing has', asked: { labels: [{ name: 'constructor', value: 'x' }] }, runs: [] },
  { name: 'parts of a run', asked: { parent: 'r1' }, runs: ['r2'] },
  { name: 'parts of nothing', asked: { parent: null, state: 'closed' }, runs: ['r4', 'r1'] },
  { name: 'a time, whose end is no part of it', asked: { fromMs: 2 * dayMs, toMs: 4 * dayMs }, runs: ['r3', 'r2'] },
  { name: 'a time before everything', asked: { toMs: dayMs }, runs: [] },
  { name: 'a time after everything', asked: { fromMs: 99 * dayMs }, runs: [] },
  { name: 'a word of its title', asked: { text: 'SHOP' }, runs: ['r3', 'r1'] },
  { name: 'the beginning of a word', asked: { text: 'übermo' }, runs: ['r4'] },
  { name: 'words in any order', asked: { text: '77 inc' }, runs: ['r2'] },
  { name: 'words that no run has all of', asked: { text: 'shop ticket' }, runs: [] },
  { name: 'its number', asked: { text: '3' }, runs: ['r3'] },
  { name: 'a value of an input, taken apart', asked: { text: 'web-12' }, runs: ['r4'] },
  { name: 'a host of its plan', asked: { text: 'db-03' }, runs: ['r2'] },
  { name: 'a host by its whole name, in whatever case', asked: { text: 'DB-03.Example.com' }, runs: ['r2'] },
  { name: 'a host and a word', asked: { text: 'db-03 inc' }, runs: ['r2'] },
  { name: 'a host that no run has, though some have its words', asked: { text: 'db-12' }, runs: [] },
  { name: 'signs that databases take for more', asked: { text: `'"*:&|!()` }, runs: [] },
  { name: 'words and an outcome', asked: { text: 'upgrade', outcome: 'succeeded' }, runs: ['r4'] },
];

interface PlanLine {
  readonly 'QUERY PLAN': string;
}

/** The one table that may be read without an index is read up to a limit, for words that nearly every run has. */
async function isScan(query: Kysely<Schema>, { sql: text, parameters }: CompiledQuery): Promise<boolean> {
  const { rows } = await query.executeQuery<PlanLine>(CompiledQuery.raw(`explain ${text}`, [...parameters]));
  const lines = rows.map((row) => row['QUERY PLAN']);
  const isLimited = (lines[0] ?? '').startsWith('Limit') && /^\s+-> {2}Seq Scan on run_search/.test(lines[1] ?? '');
  return !isLimited && lines.some((line) => /Seq Scan on (runs|run_search|tasks|task_people)/.test(line));
}

/** As a store was before there were lists to narrow. */
async function dropLists({ query, dialect }: Session): Promise<void> {
  const { schema } = query;
  for (const index of [
    'runs_requester',
    'runs_outcome',
    'runs_definition_outcome',
    'runs_scope_outcome',
    'runs_created',
    'runs_recovery',
  ])
    await schema.dropIndex(index).execute();
  for (const column of ['requester', 'outcome', 'created_at'])
    await schema.alterTable('runs').dropColumn(column).execute();
  await sql.raw(`drop table run_search${dialect === 'postgres' ? ' cascade' : ''}`).execute(query);
  await schema.dropTable('task_people').execute();
}

export function runListSuite(bed: StoreBed): void {
  test.each(cases)('runs() and countRuns() are narrowed by $name', async ({ asked, runs }) => {
    const { store } = await bed.newStore();
    await fill(store);

    expect((await store.views.runs({ ...asked, limit: 10 })).map(({ id }) => id)).toEqual(runs);
    expect(await store.views.countRuns({ ...asked, upTo: 3 })).toBe(Math.min(3, runs.length));
  });

  test('runs() gives pages below a number, also of a search, and none that somebody may not see', async () => {
    const { store } = await bed.newStore();
    await fill(store);
    const prod = (await store.scopes.list()).filter(({ scope }) => scope['env']?.includes('prod')).map(({ id }) => id);
    const idsOf = async (filter: RunSelection & { readonly before?: number }) =>
      (await store.views.runs({ ...filter, limit: 1 })).map(({ id }) => id);

    expect(await idsOf({ text: 'upgrade' })).toEqual(['r4']);
    expect(await idsOf({ text: 'upgrade', before: 4 })).toEqual(['r3']);
    expect(await idsOf({ text: 'upgrade', before: 4, scopeIds: prod })).toEqual(['r1']);
    expect(await idsOf({ labels: [{ name: 'env', value: 'test' }], scopeIds: prod })).toEqual([]);
  });

  test('a label finds runs of before and after somebody selected by it, and of both only what may be seen', async () => {
    const { store } = await bed.newStore();
    const team = [{ name: 'team', value: 'x' }];
    await store.journal.append('run/r1', [runCreated({ number: 1, labels: { team: 'x', ticket: '7' }, scope: {} })]);
    await store.journal.append('run/r2', [runCreated({ number: 2, labels: { team: 'x' }, scope: { team: ['x'] } })]);
    // The runbook says another team than whoever started it.
    await store.journal.append('run/r3', [runCreated({ number: 3, labels: { team: 'x' }, scope: { team: ['y'] } })]);
    await store.journal.append('run/r4', [runCreated({ number: 4, labels: { team: 'y', note: 'x' }, scope: {} })]);
    const idsOf = async (asked: RunSelection) => (await store.views.runs({ ...asked, limit: 10 })).map(({ id }) => id);
    const ofTeam = (await store.scopes.list()).filter(({ scope }) => scope['team']?.includes('x')).map(({ id }) => id);

    expect(await idsOf({ labels: team })).toEqual(['r3', 'r2', 'r1']);
    expect(await store.views.countRuns({ labels: team, upTo: 10 })).toBe(3);
    expect(await idsOf({ labels: [...team, { name: 'ticket', value: '7' }] })).toEqual(['r1']);
    expect(await idsOf({ labels: team, scopeIds: ofTeam })).toEqual(['r2']);
    expect(await idsOf({ labels: team, scopeIds: [] })).toEqual([]);
  });

  test('a run that goes on again has no outcome until it ends again', async () => {
    const { store } = await bed.newStore();
    await fill(store);

    await store.journal.append('run/r1', [runStarted(true, 5 * dayMs)]);

    expect(await store.views.runs({ outcome: 'failed', limit: 10 })).toEqual([]);
    expect(await store.views.countRuns({ state: 'running', upTo: 10 })).toBe(2);
  });

  test('runs created in another order than they were numbered are found by their time (L2)', async () => {
    const { store } = await bed.newStore();
    await store.journal.append('run/r1', [runCreated({ number: 11 }, dayMs)]);
    await store.journal.append('run/r2', [runCreated({ number: 10 }, dayMs + 5)]);

    expect((await store.views.runs({ fromMs: dayMs + 5, limit: 10 })).map(({ id }) => id)).toEqual(['r2']);
    expect((await store.views.runs({ toMs: dayMs + 5, limit: 10 })).map(({ id }) => id)).toEqual(['r1']);
  });

  test('what was redacted is found no more', async () => {
    const { store } = await bed.newStore();
    await fill(store);

    await store.journal.redact('run/r2', 1, { actor: 'user/anna', via: 'test', at: 1, reason: 'a name' });

    expect(await store.views.runs({ text: 'INC', limit: 10 })).toEqual([]);
    expect(await store.views.runs({ text: 'upgrade', limit: 10 })).toHaveLength(3);
  });

  test('migrate() makes of what was there before the lists that a rebuild would make', async () => {
    const { store, database } = await bed.newStore();
    // Before there were lists no journal told of hosts.
    await fill(store, []);
    await store.journal.append('run/r4', [taskOpened()]);

    await database.transaction(async (session) => {
      await dropLists(session);
      await migrations.find(({ name }) => name === 'lists')?.apply(session);
    });

    const migrated = await dumpFolds(database);
    expect((await store.views.runs({ text: 'INC', limit: 10 })).map(({ id }) => id)).toEqual(['r2']);
    await store.journal.rebuildFolds();
    expect(migrated).toBe(await dumpFolds(database));
  });

  if (bed.dialect !== 'postgres') return;

  test('no list, search or count of runs and tasks reads a table from end to end', async () => {
    const place = await bed.newPlace();
    if (place.kind !== 'postgres') throw new Error('Cannot explain: it is another database');
    const asked: CompiledQuery[] = [];
    const query = new Kysely<Schema>({
      dialect: postgresDialect(place),
      log: ({ query: each }) => void asked.push(each),
    });
    const database = { ...bed.open(place), query };
    await migrate(bed.open(place));
    await fillRuns(bed.open(place), 20_000);
    await fillTasks(bed.open(place), { count: 5_000, runs: 20_000 });
    const store = createStore(database);
    const scopeIds = (await store.scopes.list()).slice(0, 3).map(({ id }) => id);

    const scanned: string[] = [];
    for (const { name, ask } of questions(20_000)) {
      asked.length = 0;
      for (const round of [0, 1]) await ask(store, { round, scopeIds });
      for (const each of asked.splice(0)) if (await isScan(query, each)) scanned.push(`${name}: ${each.sql}`);
    }
    await query.destroy();

    expect(scanned).toEqual([]);
  });
}
