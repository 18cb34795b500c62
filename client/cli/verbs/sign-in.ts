// mainstay sign-in [--as USER] [--role ROLE]… [--where LABEL=VALUES]
import type { Command } from 'commander';

import { SignInLink } from '../../api/identity-schema';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { grantBody, withGrants } from '../granted';
import type { GrantOptions } from '../granted';
import { printJson } from '../terminal';
import { instantText } from '../wording';

type Options = ConnectionOptions & OutputOptions & PersonOptions & GrantOptions;

export function registerSignIn(program: Command, cli: Cli): void {
  withGrants(
    withEngine(program.command('sign-in').description('make a link that signs somebody in by a browser, once')),
  )
    .option('--as <user>', 'whom it signs in (else the login name)')
    .addHelpText(
      'after',
      examples('mainstay sign-in', 'mainstay sign-in --as ben --role approver --where service=shop'),
    )
    .action((options: Options) => signIn(cli, options));
}

async function signIn(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const body = { person: cli.person(options.as), ...grantBody(options) };
  const link = await api.atOnce().post('/sign-in-links', { body }, SignInLink);
  if (options.json === true) return printJson(cli.terminal, link);
  cli.terminal.out(link.url);
  cli.terminal.note(`Signs in ${link.person}, once, until ${instantText(link.expiresAt)}`);
}
