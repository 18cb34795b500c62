// mainstay token create NAME [--for WHO] [--role ROLE]… [--where LABEL=VALUES] [--days N] | list [--all] | revoke ID
import type { Command } from 'commander';

import { NewToken, TokenList, TokenView } from '../../api/identity-schema';
import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, wholeNumber, withEngine } from '../cli';
import { everyPage } from '../every-page';
import { grantBody, withGrants } from '../granted';
import type { GrantOptions } from '../granted';
import { printJson, printRows } from '../terminal';
import { instantText } from '../wording';

type Options = ConnectionOptions & OutputOptions;

interface CreateOptions extends Options, GrantOptions {
  readonly for?: string;
  readonly days?: number;
}

interface ListOptions extends Options {
  readonly all?: boolean;
}

export function registerToken(program: Command, cli: Cli): void {
  const token = program
    .command('token')
    .description('tokens of the API: for scripts, and for this command line on other machines')
    .addHelpText(
      'after',
      examples('mainstay token create ci --for service/ci --role operator --days 30', 'mainstay token list'),
    );
  withGrants(withEngine(token.command('create').description('make a token; its secret is told once')))
    .argument('<name>', 'what it is for')
    .option('--for <who>', 'whose it is: user/<login> or service/<name> (else the login name)')
    .option('--days <n>', 'how long it is good (else 90)', wholeNumber)
    .addHelpText('after', examples('MAINSTAY_URL=https://mainstay.example MAINSTAY_TOKEN=mst_… mainstay runs'))
    .action((name: string, options: CreateOptions) => create(cli, name, options));
  withEngine(token.command('list').description('list tokens'))
    .option('--all', 'also those that are over')
    .action((options: ListOptions) => list(cli, options));
  withEngine(token.command('revoke').description('revoke a token: it is dead at once'))
    .argument('<id>', 'as "token list" shows it')
    .action((id: string, options: Options) => revoke(cli, id, options));
}

async function create(cli: Cli, name: string, options: CreateOptions): Promise<void> {
  const api = await cli.connect(options);
  const { days } = options;
  const person = options.for?.includes('/') === true ? options.for : cli.person(options.for);
  const body = { name, person, ...grantBody(options), ...(days === undefined ? {} : { days }) };
  const made = await api.atOnce().post('/tokens', { body }, NewToken);
  if (options.json === true) return printJson(cli.terminal, made);
  cli.terminal.out(made.token);
  cli.terminal.note(`Token ${made.id} of ${made.actor}, until ${instantText(made.expiresAt)}; it is shown this once`);
}

async function list(cli: Cli, options: ListOptions): Promise<void> {
  const api = await cli.connect(options);
  const pages = await everyPage(api, { path: '/tokens', query: { revoked: options.all } }, TokenList);
  const tokens = pages.flatMap((page) => page.tokens);
  if (options.json === true) return printJson(cli.terminal, tokens);
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    token.actor,
    token.limits === null ? 'all' : [...new Set(token.limits.map(({ role }) => role))].join(','),
    stateOf(token),
    token.lastUsedAt === null ? 'never' : instantText(token.lastUsedAt),
  ]);
  printRows(cli.terminal, ['ID', 'NAME', 'OF', 'ROLES', 'STATE', 'LAST USED'], rows);
}

function stateOf({ revokedAt, expiresAt }: TokenView): string {
  if (revokedAt !== null) return `revoked ${instantText(revokedAt)}`;
  return `${expiresAt <= Date.now() ? 'expired' : 'until'} ${instantText(expiresAt)}`;
}

async function revoke(cli: Cli, id: string, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const revoked = await api.post(apiPath`/tokens/${id}/revoke`, { body: {} }, TokenView);
  if (options.json === true) return printJson(cli.terminal, revoked);
  cli.terminal.out(`Token ${revoked.id} (${revoked.name}) is revoked`);
}
