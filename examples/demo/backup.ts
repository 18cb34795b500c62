import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { z } from 'zod';

import { planName } from './backup-plan';
import type { BackupStage } from './backup-stage';
import { damages } from './damage';
import type { Damage } from './damage';

const execute = promisify(execFile);

export interface BackupStory {
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly restored: { readonly before: Counted; readonly live: Counted; readonly beside: Counted };
  readonly drills: readonly DrillStory[];
  readonly leftovers: readonly string[];
}

interface Counted {
  readonly rows: number;
  readonly cents: number;
}

export interface DrillStory {
  readonly of: string;
  readonly wanted: 'PASS' | 'FAIL';
  readonly verdict: string;
  /** The step, and where there is one the assertion, that decided. */
  readonly at: string;
  readonly reason: string;
  readonly rtoMs: number | null;
  readonly rpoMs: number | null;
}

const Operation = z.object({
  id: z.string(),
  outcome: z.string().nullable(),
  reason: z.string(),
  verdict: z.object({ verdict: z.string(), at: z.string() }).nullable(),
  measured: z.object({ rtoMs: z.number().nullable(), rpoMs: z.number().nullable() }).nullable(),
  runs: z.array(z.object({ id: z.string(), outcome: z.string().nullable() })),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      kind: z.string(),
      closed: z.unknown(),
      show: z.looseObject({ directory: z.string().exactOptional() }),
    }),
  ),
});
type Operation = z.infer<typeof Operation>;
const Acted = z.object({ operation: z.string() });

const giveUpAfterMs = 90_000;
const lookEveryMs = 200;
/** The client writes several times a second: after this there is a commit on either side of an instant. */
const commitsMs = 1_500;

/** A backup, an accident, a restore to the moment before it; then drills: one that passes, and three that must not. */
export async function backupStory(stage: BackupStage): Promise<BackupStory> {
  await backUp(stage);
  const restored = await bringBack(stage);
  await backUp(stage);
  const drills = [await drill(stage, { of: 'the backup as it is', wanted: 'PASS', at: 'latest' })];
  for (const damage of damages) drills.push(await damaged(stage, damage));
  stage.say((await stage.must(['backup', 'score'])).stdout.trimEnd());
  const leftovers = await leftoversOf(stage);
  const problems = [
    ...(same(restored.beside, restored.before) ? [] : ['what was restored is not what was there before the accident']),
    ...drills
      .filter(({ verdict, wanted, at }) => verdict !== wanted || at === '')
      .map(({ of, verdict, at, reason }) => `the drill of ${of} ended ${verdict} at "${at}": ${reason}`),
    ...leftovers.map((left) => `left behind: ${left}`),
  ];
  if (problems.length === 0)
    stage.say('\nrestored to the row; one drill passed, three could not; nothing is left behind');
  return { ok: problems.length === 0, problems, restored, drills, leftovers };
}

async function backUp(stage: BackupStage): Promise<void> {
  stage.say(`\n$ mainstay backup run ${planName} --wait`);
  stage.say((await stage.must(['backup', 'run', planName, '--wait', '--as', 'user/carl'])).stdout.trimEnd());
}

/** Somebody deletes a third of the orders; they come back beside what is live, as they were a moment before. */
async function bringBack(stage: BackupStage): Promise<BackupStory['restored']> {
  const { database } = stage;
  const before = await database.count();
  await sleep(commitsMs);
  const target = new Date(await database.nowMs()).toISOString();
  await sleep(commitsMs);
  await database.destroyRows();
  const live = await database.count();
  await sleep(commitsMs);
  await database.archived();
  stage.say(`\n${before.rows - live.rows} of ${before.rows} orders were deleted by mistake`);
  stage.say(`$ mainstay backup restore ${planName} --at ${target} --reason 'orders were deleted'`);
  const what = ['backup', 'restore', planName, '--at', target, '--reason', 'orders were deleted'];
  const { operation } = Acted.parse(JSON.parse((await stage.must([...what, '--as', 'user/carl', '--json'])).stdout));
  const asked = await until(stage, operation, ({ tasks }) => openTask(tasks, 'approval') !== null);
  await stage.must(['approve', openTask(asked.tasks, 'approval')?.id ?? '', '--as', 'user/anna']);
  stage.say('user/anna approved it, having read what would be lost');
  const beside = await until(stage, operation, ({ tasks }) => openTask(tasks, 'manual') !== null);
  const task = openTask(beside.tasks, 'manual');
  const found = await database.count(`${task?.show.directory ?? ''}/run`);
  stage.say(`${task?.title ?? ''}`);
  stage.say(`orders: ${textOf(before)} before, ${textOf(live)} live, ${textOf(found)} restored beside`);
  await stage.must(['decide', task?.id ?? '', 'done', '--as', 'user/carl']);
  const ended = await until(stage, operation, ({ outcome }) => outcome !== null);
  if (ended.outcome !== 'succeeded') throw new Error(`Cannot restore: ${ended.outcome ?? ''}: ${ended.reason}`);
  return { before, live, beside: found };
}

interface Trial extends Pick<DrillStory, 'of' | 'wanted'> {
  /** As `--at` has it. */
  readonly at: string;
}

async function drill(stage: BackupStage, { of, wanted, at }: Trial): Promise<DrillStory> {
  stage.say(`\n$ mainstay backup drill ${planName} --at ${at} --wait      # ${of}`);
  const ran = await stage.try(['backup', 'drill', planName, '--at', at, '--wait', '--json', '--as', 'user/carl']);
  const { verdict, measured, reason } = Operation.parse(JSON.parse(ran.stdout));
  const { rtoMs, rpoMs } = measured ?? { rtoMs: null, rpoMs: null };
  const told = { of, wanted, verdict: verdict?.verdict ?? 'none', at: verdict?.at ?? '', reason, rtoMs, rpoMs };
  const figures = rtoMs === null ? '' : `   RTO ${seconds(rtoMs)}, RPO ${rpoMs === null ? 'unknown' : seconds(rpoMs)}`;
  stage.say(`${told.verdict}: ${reason.trim()}${figures}`);
  return told;
}

/** Each with a backup of its own: one that failed a drill is broken, and is not drilled again. */
async function damaged(stage: BackupStage, { of, fresh, damage }: Damage): Promise<DrillStory> {
  if (fresh) await backUp(stage);
  const { at, mend } = await damage(stage.database);
  try {
    return await drill(stage, { of, wanted: 'FAIL', at });
  } finally {
    await mend();
  }
}

async function leftoversOf(stage: BackupStage): Promise<readonly string[]> {
  const folders = await readdir(stage.places);
  const { stdout: networks } = await execute('ip', ['netns', 'list']);
  const { stdout: processes } = await execute('ps', ['-eo', 'pid,args']);
  return [
    ...folders.map((name) => `folder ${name}`),
    ...networks
      .split('\n')
      .filter((line) => line.startsWith('ms-b'))
      .map((line) => `network ${line}`),
    ...processes
      .split('\n')
      .filter((line) => line.includes(stage.places))
      .map((line) => `process ${line.trim()}`),
  ];
}

async function until(stage: BackupStage, id: string, holds: (shown: Operation) => boolean): Promise<Operation> {
  let last = 'nobody has opened it';
  for (const giveUpAt = Date.now() + giveUpAfterMs; Date.now() < giveUpAt; await sleep(lookEveryMs)) {
    const ran = await stage.try(['backup', 'show', id, '--json']);
    if (ran.exitCode !== 0) continue;
    const shown = Operation.parse(JSON.parse(ran.stdout));
    if (holds(shown)) return shown;
    if (shown.outcome !== null)
      throw new Error(`Cannot go on: ${id} ended ${shown.outcome}: ${shown.reason}\n${await logsOf(stage, shown)}`);
    last = shown.tasks.map(({ title }) => title).join(', ');
  }
  throw new Error(`Cannot wait for ${id}: it did not get there in ${giveUpAfterMs / 1000} s (${last})`);
}

async function logsOf(stage: BackupStage, { runs }: Operation): Promise<string> {
  const failed = runs.filter(({ outcome }) => outcome !== 'succeeded');
  const logs = await Promise.all(failed.map(async ({ id }) => (await stage.try(['logs', id])).stdout));
  return logs.join('');
}

function openTask(tasks: Operation['tasks'], kind: string): Operation['tasks'][number] | null {
  return tasks.find((task) => task.kind === kind && task.closed === null) ?? null;
}

function same(left: Counted, right: Counted): boolean {
  return left.rows === right.rows && left.cents === right.cents;
}

function textOf({ rows, cents }: Counted): string {
  return `${rows} rows worth ${cents / 100}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
