import type { Stage } from './stage';

/** On a terminal the engine stays up, so that a newcomer can look around; Ctrl-C ends it. */
export async function stay(stage: Stage): Promise<void> {
  stage.say('');
  stage.say('The engine stays up. Look around in another shell, Ctrl-C here ends it:');
  for (const command of ['runs', 'show 1', 'logs 2', 'tasks --all', 'audit verify 1']) {
    stage.say(`  npx mainstay ${command} --data ${stage.dataDirectory}`);
  }
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
