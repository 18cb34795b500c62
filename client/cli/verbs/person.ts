// mainstay person logins | unbind LOGIN [--keep-tokens]
import type { Command } from 'commander';

import { FreedLogin, LoginList } from '../../api/identity-schema';
import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { everyPage } from '../every-page';
import { printJson, printRows } from '../terminal';
import { instantText } from '../wording';

type Options = ConnectionOptions & OutputOptions;

interface UnbindOptions extends Options {
  readonly keepTokens?: boolean;
}

export function registerPerson(program: Command, cli: Cli): void {
  const person = program
    .command('person')
    .description('people who sign in by the OpenID provider')
    .addHelpText('after', examples('mainstay person logins', 'mainstay person unbind anna'));
  withEngine(person.command('logins').description('list whose each login is: issuer and subject')).action(
    (options: Options) => logins(cli, options),
  );
  withEngine(person.command('unbind').description('free a login: whoever the provider calls so next has it'))
    .argument('<login>', 'as "person logins" shows it')
    .option('--keep-tokens', 'it is the same person: tokens that were made in its name go on')
    .action((login: string, options: UnbindOptions) => unbind(cli, login, options));
}

async function logins(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const found = (await everyPage(api, { path: '/logins' }, LoginList)).flatMap((page) => page.logins);
  if (options.json === true) return printJson(cli.terminal, found);
  const rows = found.map(({ login, issuer, subject, boundAt }) => [login, issuer, subject, instantText(boundAt)]);
  printRows(cli.terminal, ['LOGIN', 'ISSUER', 'SUBJECT', 'SINCE'], rows);
}

async function unbind(cli: Cli, login: string, { keepTokens = false, ...options }: UnbindOptions): Promise<void> {
  const api = await cli.connect(options);
  const freed = await api.post(apiPath`/logins/${login}/unbind`, { body: { keepTokens } }, FreedLogin);
  if (options.json === true) return printJson(cli.terminal, freed);
  cli.terminal.out(`The login ${freed.login} is nobody's: it was of subject ${freed.subject} at ${freed.issuer}`);
  cli.terminal.note(`${freed.sessionsEnded} sessions ended, ${freed.tokensRevoked} tokens revoked`);
}
