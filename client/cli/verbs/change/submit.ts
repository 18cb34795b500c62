// mainstay change submit CHANGE [--wait]
import type { Command } from 'commander';

import { ChangeView, TimelineEntry } from '../../../api/change-schema';
import type { ApiClient } from '../../api-client';
import { apiPath } from '../../../typed/path';
import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { Unsuccessful } from '../../failure';
import { journalPosition } from '../../follow';
import { printJson } from '../../terminal';
import { instantText } from '../../wording';
import { actOn, tellActed } from './act';
import type { ActOptions } from './act';
import { changeText } from './view-text';

interface Options extends ActOptions {
  readonly wait?: boolean;
}

export function registerChangeSubmit(change: Command, cli: Cli): void {
  withPerson(
    change
      .command('submit')
      .description('have a change assessed, approved and carried out; of one whose plan has changed: approved anew')
      .addHelpText('after', examples('mainstay change submit CHG-12 --as anna --wait')),
  )
    .argument('<change>', 'CHG-12, 12, id, or the beginning of an id')
    .option('--wait', 'show progress until it is over; Ctrl-C lets go of it')
    .action(async (reference: string, options: Options) =>
      submitChange(cli, reference, { ...options, api: await cli.connect(options) }),
    );
}

export async function submitChange(
  cli: Cli,
  reference: string,
  options: Options & { readonly api: ApiClient },
): Promise<void> {
  const { api } = options;
  const acted = await actOn(cli, reference, { action: 'submit', body: {}, options, api });
  if (options.wait !== true)
    return options.json === true ? printJson(cli.terminal, acted) : tellActed(cli, acted, 'submit');
  if (options.json !== true) tellActed(cli, acted, 'submit');
  await waitForChange(cli, acted.change.id, options);
}

/** Outcomes that were wanted. */
const successes: ReadonlySet<string | null> = new Set(['successful', 'successful-with-issues']);

async function waitForChange(cli: Cli, id: string, options: Options & { readonly api: ApiClient }): Promise<void> {
  const { api } = options;
  const detached = cli.interruption();
  const after = Math.max(0, await journalPosition(api, id));
  const feed = api.until(detached).feed(apiPath`/changes/${id}/events`, { after }, TimelineEntry);
  for await (const { at, actor, text } of feed)
    cli.terminal.note(`${instantText(at)}  ${actor === 'engine' ? '' : `${actor}: `}${text}`);
  const view = await api.get(apiPath`/changes/${id}`, {}, ChangeView);
  if (detached.aborted)
    cli.terminal.note(`Detached; the change goes on. Look: mainstay change show CHG-${view.number}`);
  else if (options.json === true) printJson(cli.terminal, view);
  else for (const line of changeText(view, cli.terminal)) cli.terminal.out(line);
  if (!successes.has(view.outcome)) throw new Unsuccessful(`outcome ${view.outcome ?? view.phase}`);
}
