import type { z } from 'zod';

import { BackupActed } from '../../../api/backup-schema';
import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../../cli';
import { printJson } from '../../terminal';
import { waitForOperation } from './wait';

export type ActOptions = ConnectionOptions & OutputOptions & PersonOptions & { readonly wait?: boolean };

interface Asked {
  /** As in the path of the API. */
  readonly action: string;
  /** Besides the actor. */
  readonly body: object;
  readonly options: ActOptions;
}

type Acted = z.infer<typeof BackupActed>;

/** Asks the keeper of a plan for something; a refusal is an error. With --wait it follows what was started to its end. */
export async function actAndTell(cli: Cli, plan: string, asked: Asked): Promise<void> {
  const { options, action } = asked;
  const api = await cli.connect(options);
  const body = { ...asked.body, actor: cli.person(options.as) };
  const acted = await api.post(`${apiPath`/backups/${plan}`}/${action}`, { body }, BackupActed);
  const { operation } = acted;
  if (options.wait !== true || operation === null) {
    if (options.json === true) return printJson(cli.terminal, acted);
    return tellActed(cli, acted, action);
  }
  if (options.json !== true) tellActed(cli, acted, action);
  await waitForOperation(cli, operation, { api, options });
}

function tellActed(cli: Cli, { plan, operation, warnings }: Acted, action: string): void {
  const what = operation === null ? '' : `: operation ${operation}`;
  cli.terminal.out(`${plan}: ${action} accepted${what}`);
  for (const warning of warnings) cli.terminal.note(`  ${warning}`);
}
