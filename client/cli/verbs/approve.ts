// mainstay approve TASK [--as USER] [--comment TEXT]
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { examples, withPerson } from '../cli';
import type { AnswerOptions } from './answers';
import { answerTask } from './answers';

export function registerApprove(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('approve')
      .description('approve what a task asks for')
      .addHelpText('after', examples("mainstay approve r4xj6nksa6tkr-1 --as ben --comment 'seen the diff'")),
  )
    .argument('<task>', 'id, or the beginning of one')
    .option('--comment <text>', 'why')
    .action((reference: string, options: AnswerOptions) => answerTask(cli, reference, { choice: 'approve', options }));
}
