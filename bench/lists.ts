import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { openDatabase } from '../platform/store/database';
import type { StoreOptions } from '../platform/store/database';
import { migrate } from '../platform/store/migrate';
import { createStore } from '../platform/store/open';
import type { Store } from '../platform/store/store';
import { findPostgres, startPostgres } from '../test/support/postgres';
import type { Figure } from './figure';
import { fillRuns, fillTasks, scopeCount } from './lists/rows';
import { questions } from './lists/questions';
import type { Question } from './lists/questions';
import { percentile } from './statistics';

const rounds = 60;
const tasksOpen = 100_000;

/** Lists, searches and counts of a store that has been in use for years, on both databases. */
export async function listFigures(args: readonly string[]): Promise<readonly Figure[]> {
  const { values } = parseArgs({ args: [...args], options: { runs: { type: 'string' } }, strict: false });
  const runs = typeof values.runs === 'string' ? Number(values.runs) : null;
  return [...(await onPostgres(runs ?? 1_000_000)), ...(await onLibsql(runs ?? 100_000))];
}

async function onPostgres(runs: number): Promise<readonly Figure[]> {
  const binaries = findPostgres();
  if (binaries === null) throw new Error('Cannot take the figures: PostgreSQL is not installed');
  const server = await startPostgres(binaries);
  try {
    return await measure({ kind: 'postgres', url: await server.createDatabase() }, runs);
  } finally {
    await server.stop();
  }
}

async function onLibsql(runs: number): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-bench-lists-'));
  try {
    return await measure({ kind: 'libsql', file: join(folder, 'store.db') }, runs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(options: StoreOptions, runs: number): Promise<readonly Figure[]> {
  const database = openDatabase(options);
  try {
    const beganAt = performance.now();
    await migrate(database);
    await fillRuns(database, runs);
    await fillTasks(database, { count: tasksOpen, runs });
    process.stderr.write(`${runs} runs written to ${options.kind} in ${since(beganAt)} ms\n`);
    const store = createStore(database);
    const figures: Figure[] = [];
    for (const question of questions(runs))
      figures.push(...(await ask(store, question, `${options.kind}, ${inThousands(runs)}`)));
    return figures;
  } finally {
    await database.close();
  }
}

async function ask(store: Store, question: Question, where: string): Promise<readonly Figure[]> {
  const scopeIds = (await store.scopes.list()).map(({ id }) => id).slice(0, scopeCount);
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const beganAt = performance.now();
    await question.ask(store, { round, scopeIds });
    waits.push(performance.now() - beganAt);
  }
  const name = `${question.name} (${where})`;
  return [
    { name: `${name}, p50`, value: percentile(waits, 50), unit: 'ms', target: '' },
    { name: `${name}, p95`, value: percentile(waits, 95), unit: 'ms', target: `< ${question.targetMs}` },
  ];
}

function since(beganAt: number): number {
  return Math.round(performance.now() - beganAt);
}

function inThousands(count: number): string {
  return `${count.toLocaleString('en')} runs`;
}
