// mainstay change show CHANGE
import type { Command } from 'commander';

import { ChangeView } from '../../../api/change-schema';
import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { examples, withEngine } from '../../cli';
import { printJson } from '../../terminal';
import { changeText } from './view-text';

export function registerChangeShow(change: Command, cli: Cli): void {
  withEngine(
    change
      .command('show')
      .description('show a change: window, approvals, conflicts, run, timeline')
      .addHelpText('after', examples('mainstay change show CHG-12', 'mainstay change show 12 --json')),
  )
    .argument('<change>', 'CHG-12, 12, id, or the beginning of an id')
    .action(async (reference: string, options: ConnectionOptions & OutputOptions) => {
      const api = await cli.connect(options);
      const view = await api.get(apiPath`/changes/${reference}`, {}, ChangeView);
      if (options.json === true) printJson(cli.terminal, view);
      else for (const line of changeText(view, cli.terminal)) cli.terminal.out(line);
    });
}
