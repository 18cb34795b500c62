// mainstay change edit CHANGE [FILE.yaml] [--title T …]
import type { Command } from 'commander';

import { AuthoredDraft } from '../../../../definitions/change-draft';
import { ChangeView } from '../../../api/change-schema';
import type { ChangeView as View } from '../../../change-view';
import { apiPath } from '../../../typed/path';
import type { Cli } from '../../cli';
import { examples, withPerson } from '../../cli';
import { printJson } from '../../terminal';
import { actOn, tellActed } from './act';
import type { ActOptions } from './act';
import { completeDraft, draftOfFile, withDraft } from './draft';
import type { DraftOptions } from './draft';

type Options = ActOptions & DraftOptions;

export function registerChangeEdit(change: Command, cli: Cli): void {
  withDraft(
    withPerson(
      change
        .command('edit')
        .description(
          'change what a change asks for; a material difference voids its approvals, an editorial one does not',
        )
        .addHelpText(
          'after',
          examples(
            "mainstay change edit CHG-12 --title 'Upgrade nginx to 1.28'",
            'mainstay change edit CHG-12 upgrade.yaml',
          ),
        ),
    ),
  )
    .argument('<change>', 'CHG-12, 12, id, or the beginning of an id')
    .argument('[file]', 'takes the place of all that the draft says; options come before it')
    .action((reference: string, file: string | undefined, options: Options) => edit(cli, reference, { file, options }));
}

async function edit(
  cli: Cli,
  reference: string,
  { file, options }: { readonly file: string | undefined; readonly options: Options },
): Promise<void> {
  const api = await cli.connect(options);
  const base =
    file === undefined
      ? await draftOf(api.get(apiPath`/changes/${reference}`, {}, ChangeView))
      : draftOfFile(cli, file, options);
  const draft = completeDraft(base, options);
  const acted = await actOn(cli, reference, { action: 'edit', body: { draft }, options, api });
  if (options.json === true) return printJson(cli.terminal, acted);
  tellActed(cli, acted, 'edit');
}

async function draftOf(view: Promise<View>): Promise<AuthoredDraft> {
  return AuthoredDraft.parse((await view).draft);
}
