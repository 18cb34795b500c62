// mainstay resume RUN [--from STEP] [--host web1,web2] [--wait]
import type { Command } from 'commander';

import type { Cli } from '../cli';
import { collectList, examples, withPerson } from '../cli';
import type { ResumeOptions } from './going-on';
import { goOn } from './going-on';

export function registerResume(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('resume')
      .description('let a paused run go on, or a failed one from its failed step')
      .addHelpText('after', examples('mainstay resume 12 --host web3 --wait')),
  )
    .argument('<run>', 'number or id')
    .option('--from <step>', 'go on from this step')
    .option('--host <names>', 'only for these hosts', collectList)
    .option('--wait', 'show progress until the run ends')
    .option('--accept-degraded', 'with --wait: exit 0 although some targets failed within their budget')
    .action((reference: string, options: ResumeOptions) => goOn(cli, reference, { undo: false, options }));
}
