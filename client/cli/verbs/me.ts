// mainstay me
import type { Command } from 'commander';

import { Me } from '../../api/identity-schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { printJson, printRows } from '../terminal';
import { registerNotifications } from './notifications';

type Options = ConnectionOptions & OutputOptions;

export function registerMe(program: Command, cli: Cli): void {
  const verb = withEngine(program.command('me').description('show whom the engine takes you for, and what you may do'))
    .addHelpText('after', examples('mainstay me', 'mainstay me --json'))
    .action((options: Options) => me(cli, options));
  registerNotifications(verb, cli);
}

async function me(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const found = await api.get('/me', {}, Me);
  if (options.json === true) return printJson(cli.terminal, found);
  cli.terminal.note(
    `${found.actor} via ${found.via}${found.actsForOthers ? ', in the name of whoever --as names' : ''}`,
  );
  const rows = found.grants.map(({ role, where }) => [role, whereText(where)]);
  printRows(cli.terminal, ['ROLE', 'WHERE'], rows);
}

function whereText(where: Me['grants'][number]['where']): string {
  if (where === null) return 'everywhere';
  return Object.entries(where)
    .map(([label, values]) => `${label}=${values.join(',')}`)
    .join(' ');
}
