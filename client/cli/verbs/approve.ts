// mainstay approve TASK [--as USER] [--comment TEXT]
//   mainstay approve r4f…/approve --as ben --comment 'seen the diff'
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { withPerson } from '../cli';
import type { AnswerOptions } from './answers';
import { answerTask } from './answers';

export function registerApprove(program: Command, cli: Cli): void {
  withPerson(program.command('approve').description('approve what a task asks for'))
    .argument('<task>', 'id, or the beginning of one')
    .option('--comment <text>', 'why')
    .action((reference: string, options: AnswerOptions) => answerTask(cli, reference, { choice: 'approve', options }));
}
