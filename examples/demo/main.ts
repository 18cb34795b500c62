/**
 * npm run demo [-- backup] [-- --exit] [-- --json]
 *
 * The main job on real input: six SSH hosts on loopback, a plan, an approval by a second person, a rollout whose second wave fails its
 * gate and is undone, the same again with the fault mended, and a worker that is killed on the way. Then a change: two approvers, a
 * conflict, a window that closes, and the back-out that meets its deadline.
 *
 * With `backup`: a PostgreSQL that is backed up, loses rows and gets them back beside, and drills that pass and fail as they must.
 */
import { join } from 'node:path';

import { backupStory } from './backup';
import { BackupStage } from './backup-stage';
import { Stage } from './stage';
import { closingWindow } from './change';
import { releaseOnce } from './release';
import { stay } from './stay';

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  if (process.argv.includes('backup')) return showBackups(say, json);
  const exit = json || process.argv.includes('--exit') || !process.stdout.isTTY;
  const stage = await Stage.open({ say, runbooks: runbookFolder() });
  try {
    const first = await releaseOnce(stage, { version: '2.0.0', killWorker: true, expected: 'undone' });
    stage.shop.mend();
    const second = await releaseOnce(stage, { version: '2.0.0', killWorker: false, expected: 'succeeded' });
    const change = await closingWindow(stage);
    const story = await stage.summary([first, second], change);
    if (json) process.stdout.write(`${JSON.stringify(story)}\n`);
    if (!story.ok) throw new Error(`Cannot finish the demo: ${story.problems.join('; ')}`);
    if (!exit) await stay(stage);
  } finally {
    await stage.close();
  }
}

async function showBackups(say: (line: string) => void, json: boolean): Promise<void> {
  const stage = await BackupStage.open({ say, runbooks: runbookFolder() });
  try {
    const story = await backupStory(stage);
    if (json) process.stdout.write(`${JSON.stringify(story)}\n`);
    if (!story.ok) throw new Error(`Cannot finish the demo: ${story.problems.join('; ')}`);
  } finally {
    await stage.close();
  }
}

/** The YAML lies in the sources; this file runs from `dist`. */
function runbookFolder(): string {
  return join(__dirname, '..', '..', '..', 'examples', 'demo');
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
