import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { Stage } from './stage';

export interface ChangeStory {
  readonly number: number;
  readonly outcome: string;
  /** Between the instant at which the window asked for it and the order to back out. */
  readonly backOutLateMs: number;
  /** What another change of the same hosts was told. */
  readonly conflict: string;
  readonly verified: boolean;
}

const Change = z.object({
  id: z.string(),
  number: z.number(),
  phase: z.string(),
  outcome: z.string().nullable(),
});
const Shown = Change.extend({
  times: z.object({ decideAtMs: z.number() }).nullable(),
  timeline: z.array(z.object({ at: z.union([z.number(), z.string()]), text: z.string() })),
});
const Tasks = z.array(z.object({ id: z.string(), title: z.string() }));

const deadlineMs = 120_000;
const lookEveryMs = 200;
/** A window keeps five minutes for the safety of its back-out, so it must have begun before this demo to close in it. */
const openSinceMs = 3_600_000;
const safetyMs = 300_000;
const untilDecidedMs = 20_000;

/**
 * A normal change whose window closes: two people approve it, another change of the same hosts is refused, one host never comes back, the
 * duty manager does not answer, and everything is taken back when it still fits into the window.
 */
export async function closingWindow(stage: Stage): Promise<ChangeStory> {
  await stage.must(['apply', join(stage.runbooks, 'change.yaml'), stage.inventory, '--as', 'user/carl']);
  const end = new Date(Date.now() + safetyMs + untilDecidedMs);
  const window = [
    '--window-start',
    new Date(end.getTime() - openSinceMs).toISOString(),
    '--window-end',
    end.toISOString(),
  ];
  const what = [
    '--model',
    'demo-change',
    '--runbook',
    'shop-maintenance',
    '-i',
    'version=3.0.0',
    '--inventory',
    'fleet',
  ];
  const risk = ['--answer', 'impact=customers'];
  const open = ['change', 'open', ...what, ...risk, ...window];

  stage.say(`\n$ mainstay change open --model demo-change --runbook shop-maintenance -i version=3.0.0 … --submit`);
  const mine = await opened(stage, [...open, '--title', 'Shop 3.0.0'], 'user/carl');
  await stage.must(['change', 'submit', mine.id, '--as', 'user/carl']);
  const other = await opened(stage, [...open, '--title', 'New certificates'], 'user/anna');
  const refused = await stage.try(['change', 'submit', other.id, '--as', 'user/anna']);
  const conflict =
    refused.stderr
      .split('\n')
      .find((line) => line.includes(`CHG-${mine.number}`))
      ?.trim() ?? '';
  stage.say(`user/anna wants the same hosts and is refused: ${conflict}`);
  await stage.must(['change', 'cancel', other.id, '--as', 'user/anna']);
  await approve(stage, mine.id);
  const ended = await until(stage, mine.id, ({ phase }) => phase === 'reviewing');
  await stage.must([
    'change',
    'review',
    mine.id,
    '--outcome',
    'backed-out',
    '--text',
    'h3 did not come back',
    '--as',
    'user/mara',
  ]);
  stage.say((await stage.must(['change', 'show', mine.id])).stdout);
  const closed = await until(stage, mine.id, ({ phase }) => phase === 'closed');
  const verified = await stage.try(['audit', 'verify', `CHG-${mine.number}`]);
  stage.say(verified.stdout.trim());
  return {
    number: mine.number,
    outcome: closed.outcome ?? closed.phase,
    backOutLateMs: latenessOf(ended),
    conflict,
    verified: verified.exitCode === 0,
  };
}

async function opened(stage: Stage, args: readonly string[], person: string): Promise<z.infer<typeof Change>> {
  return Change.parse(JSON.parse((await stage.must([...args, '--as', person, '--json'])).stdout));
}

async function approve(stage: Stage, id: string): Promise<void> {
  const [task] = Tasks.parse(JSON.parse((await stage.must(['tasks', '--run', id, '--json'])).stdout));
  if (task === undefined) throw new Error('Cannot approve the change: nobody is asked');
  const own = await stage.try(['approve', task.id, '--as', 'user/carl']);
  stage.say(`user/carl tries to approve his own change: ${own.stderr.trim().split('\n')[0] ?? ''}`);
  for (const person of ['user/anna', 'user/ben']) {
    await stage.must(['approve', task.id, '--as', person]);
    stage.say(`${person} approved "${task.title}"`);
  }
}

async function until(
  stage: Stage,
  id: string,
  holds: (shown: z.infer<typeof Shown>) => boolean,
): Promise<z.infer<typeof Shown>> {
  for (const giveUpAt = Date.now() + deadlineMs; Date.now() < giveUpAt;) {
    const shown = Shown.parse(JSON.parse((await stage.must(['change', 'show', id, '--json'])).stdout));
    if (holds(shown)) return shown;
    await sleep(lookEveryMs);
  }
  throw new Error(`Cannot wait for the change: it did not get there in ${deadlineMs / 1000} s`);
}

function latenessOf({ times, timeline }: z.infer<typeof Shown>): number {
  const order = timeline.find(({ text }) => text.includes('backOut'));
  if (order === undefined || times === null) return Number.POSITIVE_INFINITY;
  return new Date(order.at).getTime() - times.decideAtMs;
}
