import { join } from 'node:path';

import { z } from 'zod';

import type { Stage } from './stage';

export interface Release {
  readonly number: number;
  readonly expected: string;
  readonly outcome: string;
  readonly verified: boolean;
  readonly planHash: string;
  readonly workerKilled: boolean;
  readonly durationMs: number;
}

const Started = z.object({ id: z.string(), number: z.number(), planHash: z.string() });
const Tasks = z.array(z.object({ id: z.string(), title: z.string() }));
const Shown = z.object({
  state: z.string(),
  outcome: z.string().nullable(),
  steps: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      hosts: z.array(z.object({ name: z.string(), status: z.string() })),
    }),
  ),
});

const deadlineMs = 60_000;

/** One release from plan to verified history: anna asks, ben approves. */
export async function releaseOnce(
  stage: Stage,
  wanted: { readonly version: string; readonly killWorker: boolean; readonly expected: string },
): Promise<Release> {
  const startedAt = Date.now();
  const runbook = join(stage.runbooks, 'release.yaml');
  const args = [
    runbook,
    '-i',
    `version=${wanted.version}`,
    '-i',
    `health=${stage.shop.url}`,
    '--inventory',
    stage.inventory,
  ];
  stage.say(`\n$ mainstay plan ${args.join(' ')}`);
  stage.say((await stage.must(['plan', ...args])).stdout);

  const run = Started.parse(JSON.parse((await stage.must(['run', ...args, '--as', 'user/anna', '--json'])).stdout));
  stage.say(`user/anna started run ${run.number} of plan ${run.planHash}`);
  await approve(stage, run.id);
  if (wanted.killWorker) {
    await until(stage, run.id, (shown) => shown.steps.some((step) => step.id === 'install' && step.hosts.length > 0));
    await stage.killWorker();
  }
  const ended = await until(stage, run.id, (shown) => shown.state === 'closed');
  stage.say(`run ${run.number} ended: ${ended.outcome}\n`);
  stage.say((await stage.must(['show', run.id])).stdout);
  const verified = await stage.try(['audit', 'verify', run.id]);
  stage.say(verified.stdout.trim());
  return {
    number: run.number,
    expected: wanted.expected,
    outcome: ended.outcome ?? ended.state,
    verified: verified.exitCode === 0,
    planHash: run.planHash,
    workerKilled: wanted.killWorker,
    durationMs: Date.now() - startedAt,
  };
}

async function approve(stage: Stage, runId: string): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const tasks = Tasks.parse(JSON.parse((await stage.must(['tasks', '--run', runId, '--json'])).stdout));
    const task = tasks[0];
    if (task === undefined) continue;
    const refused = await stage.try(['approve', task.id, '--as', 'user/anna']);
    stage.say(`user/anna tries to approve her own release: ${firstLine(refused.stderr)}`);
    await stage.must(['approve', task.id, '--as', 'user/ben', '--comment', 'looks right']);
    stage.say(`user/ben approved "${task.title}"`);
    return;
  }
  throw new Error('Cannot approve the release: no task was opened');
}

async function until(
  stage: Stage,
  runId: string,
  holds: (shown: z.infer<typeof Shown>) => boolean,
): Promise<z.infer<typeof Shown>> {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const shown = Shown.parse(JSON.parse((await stage.must(['show', runId, '--json'])).stdout));
    if (holds(shown)) return shown;
  }
  throw new Error(`Cannot wait for run ${runId}: it did not get there in ${deadlineMs / 1000} s`);
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
