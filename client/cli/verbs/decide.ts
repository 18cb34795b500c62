// mainstay decide TASK CHOICE [--as USER] [--host web1,web2] [--form JSON] [--comment TEXT]
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { collectList, examples, withPerson } from '../cli';
import type { AnswerOptions } from './answers';
import { answerTask } from './answers';

export function registerDecide(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('decide')
      .description('answer a task with one of its options')
      .addHelpText('after', examples('mainstay decide r4xj6nksa6tkr-2 done --host web3')),
  )
    .argument('<task>', 'id, or the beginning of one')
    .argument('<choice>', 'one of the options that "mainstay tasks" lists')
    .option('--host <names>', 'only for these hosts of the task', collectList)
    .option('--form <json>', 'the filled-in form')
    .option('--comment <text>', 'why')
    .action((reference: string, choice: string, options: AnswerOptions) =>
      answerTask(cli, reference, { choice, options }),
    );
}
