// mainstay reject TASK [--as USER] [--for PERSON] [--comment TEXT]
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { examples, withPerson } from '../cli';
import type { AnswerOptions } from './answers';
import { answerTask, withVote } from './answers';

export function registerReject(program: Command, cli: Cli): void {
  withVote(
    withPerson(
      program
        .command('reject')
        .description('reject what a task asks for')
        .addHelpText('after', examples("mainstay reject r4xj6nksa6tkr-1 --as ben --comment 'wrong week'")),
    ).argument('<task>', 'id, or the beginning of one'),
  ).action((reference: string, options: AnswerOptions) => answerTask(cli, reference, { choice: 'reject', options }));
}
