// mainstay reject TASK [--as USER] [--comment TEXT]
//   mainstay reject r4f…/approve --as ben --comment 'wrong week'
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { withPerson } from '../cli';
import type { AnswerOptions } from './answers';
import { answerTask } from './answers';

export function registerReject(program: Command, cli: Cli): void {
  withPerson(program.command('reject').description('reject what a task asks for'))
    .argument('<task>', 'id, or the beginning of one')
    .option('--comment <text>', 'why')
    .action((reference: string, options: AnswerOptions) => answerTask(cli, reference, { choice: 'reject', options }));
}
