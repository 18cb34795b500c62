// mainstay change open [FILE.yaml] [--model M --runbook R --window-start T --window-end T --zone Z …] [--submit] [--wait]
import type { Command } from 'commander';

import { ChangeRow } from '../../../api/change-schema';
import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { printJson } from '../../terminal';
import type { ActOptions } from './act';
import { completeDraft, draftOfFile, withDraft } from './draft';
import type { DraftOptions } from './draft';
import { submitChange } from './submit';

interface Options extends ActOptions, DraftOptions {
  readonly submit?: boolean;
  readonly wait?: boolean;
  readonly idempotencyKey?: string;
}

export function registerChangeOpen(change: Command, cli: Cli): void {
  withDraft(
    withPerson(
      change
        .command('open')
        .description('open a change: a draft, until it is submitted')
        .addHelpText(
          'after',
          examples(
            'mainstay change open upgrade.yaml --as anna',
            "mainstay change open --model change/standard --runbook shop-release -i version=1.2.3 --title 'Release the shop' --zone Europe/Berlin --window-start 2026-11-24T22:00 --window-end 2026-11-25T02:00 --submit",
          ),
        ),
    ),
  )
    .argument('[file]', 'the draft as YAML; options come before what it says')
    .option('--submit', 'and have it approved and carried out')
    .option('--wait', 'with --submit: show progress until it is over')
    .option('--idempotency-key <key>', 'the same key opens one change')
    .action((file: string | undefined, options: Options) => open(cli, file, options));
}

async function open(cli: Cli, file: string | undefined, options: Options): Promise<void> {
  const draft = completeDraft(draftOfFile(cli, file, options), options);
  const api = await cli.connect(options);
  const { idempotencyKey: key } = options;
  const body = { draft, requester: cli.person(options.as) };
  const change = await api.post('/changes', key === undefined ? { body } : { body, key }, ChangeRow);
  if (options.submit === true) {
    cli.terminal.note(`CHG-${change.number} (${change.id}) opened`);
    return submitChange(cli, change.id, { ...options, api });
  }
  if (options.json === true) return printJson(cli.terminal, change);
  cli.terminal.out(`CHG-${change.number} (${change.id}) opened`);
  cli.terminal.note(`Go on: mainstay change submit CHG-${change.number}`);
}
