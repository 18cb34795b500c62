import type { z } from 'zod';

import type { ChangeAction } from '../../../../workflows/change/messages';
import { ActedOn } from '../../../api/change-schema';
import { apiPath } from '../../../typed/path';
import type { ApiClient } from '../../api-client';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../../cli';
import { printJson } from '../../terminal';

export type ActOptions = ConnectionOptions & OutputOptions & PersonOptions;

interface Asked {
  readonly action: ChangeAction['action'];
  /** Besides the actor. */
  readonly body: object;
  readonly options: ActOptions;
}

/** Asks a change for something; a refusal is an error with every problem in it. */
export async function actOn(
  cli: Cli,
  reference: string,
  asked: Asked & { readonly api: ApiClient },
): Promise<z.infer<typeof ActedOn>> {
  const { action, body, options, api } = asked;
  const path = `${apiPath`/changes/${reference}`}/${action}`;
  return api.post(path, { body: { ...body, actor: cli.person(options.as) } }, ActedOn);
}

/** For the verbs that do nothing else. */
export async function actAndTell(cli: Cli, reference: string, asked: Asked): Promise<void> {
  const api = await cli.connect(asked.options);
  const acted = await actOn(cli, reference, { ...asked, api });
  if (asked.options.json === true) return printJson(cli.terminal, acted);
  tellActed(cli, acted, asked.action);
}

export function tellActed(cli: Cli, { change, warnings }: z.infer<typeof ActedOn>, action: string): void {
  cli.terminal.out(
    `CHG-${change.number}: ${action} accepted, now ${change.phase}${change.reason === '' ? '' : ` (${change.reason})`}`,
  );
  for (const warning of warnings) cli.terminal.note(`  ${warning}`);
}
