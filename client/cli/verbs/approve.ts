// mainstay approve TASK [--as USER] [--for PERSON] [--abstain | --revoke] [--comment TEXT]
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { examples, withPerson } from '../cli';
import { Misuse } from '../failure';
import type { AnswerOptions } from './answers';
import { answerTask, withVote } from './answers';

interface Options extends AnswerOptions {
  readonly abstain?: boolean;
  readonly revoke?: boolean;
}

export function registerApprove(program: Command, cli: Cli): void {
  withVote(
    withPerson(
      program
        .command('approve')
        .description('approve what a task asks for; or abstain, or take back a vote')
        .addHelpText(
          'after',
          examples(
            "mainstay approve r4xj6nksa6tkr-1 --as ben --comment 'seen the diff'",
            'mainstay approve r4xj6nksa6tkr-1 --as dan --for user/anna',
            'mainstay approve r4xj6nksa6tkr-1 --as ben --revoke',
          ),
        ),
    ).argument('<task>', 'id, or the beginning of one'),
  )
    .option('--abstain', 'neither for nor against; a quorum is not lowered by it')
    .option('--revoke', 'take back your vote, as long as nothing has started')
    .action((reference: string, options: Options) =>
      answerTask(cli, reference, { choice: choiceOf(options), options }),
    );
}

function choiceOf({ abstain, revoke }: Options): string {
  if (abstain === true && revoke === true) throw new Misuse('Cannot abstain and revoke at once: give one of the two');
  if (revoke === true) return 'revoke';
  return abstain === true ? 'abstain' : 'approve';
}
