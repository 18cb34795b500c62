// mainstay me notifications [show] [--as USER]
// mainstay me notifications set [--channels LIST|all] [--channel KIND=LIST]… [--off KIND]… [--on KIND]… [--quiet FROM-TO|off]
//   [--digest off|hourly|daily] [--digest-at TIME] [--as USER]
import { Option } from 'commander';
import type { Command } from 'commander';

import { allNoticeKinds, noticeKinds } from '../../../workflows/domain/notice';
import { channelsFor } from '../../../workflows/domain/notice-delivery';
import type { NoticePreferences } from '../../../workflows/domain/notice-delivery';
import { Me } from '../../api/identity-schema';
import { PersonNotifications } from '../../api/notification-schema';
import { apiPath } from '../../typed/path';
import type { ApiClient } from '../api-client';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { collect, collectList, examples, withPerson } from '../cli';
import { changedPreferences } from '../notification-changes';
import type { PreferenceChanges } from '../notification-changes';
import { printJson, printRows } from '../terminal';

type Options = ConnectionOptions & OutputOptions & PersonOptions;

export function registerNotifications(me: Command, cli: Cli): void {
  const notifications = me.command('notifications').description('what you want to be told, how and when');
  withPerson(notifications.command('show', { isDefault: true }).description('show it'))
    .addHelpText('after', examples('mainstay me notifications', 'mainstay me notifications show --as anna'))
    // `me` has some of the options, too, and takes them first, wherever they stand.
    .action((_options: Options, command: Command) => show(cli, command.optsWithGlobals<Options>()));
  withPerson(notifications.command('set').description('say it; what is not named stays as it is'))
    .option('--channels <list>', 'by which you are told, as mail,ntfy; all: by every one that reaches you', collectList)
    .option('--channel <kind=list>', 'other ones for one kind, as run.failed=ntfy,mail', collect)
    .option('--off <kind>', 'do not tell it at all', collectList)
    .option('--on <kind>', 'tell it by the channels again that all else comes by', collectList)
    .option('--quiet <from-to>', 'by your clock, as 22:00-07:00; off: none. What is urgent comes all the same')
    .addOption(new Option('--digest <when>', 'gather what can wait').choices(['off', 'hourly', 'daily']))
    .option('--digest-at <time>', 'when the daily one comes, as 08:00')
    .addHelpText(
      'after',
      examples(
        'mainstay me notifications set --quiet 22:00-07:00 --digest daily --off run.recovered',
        'mainstay me notifications set --channel run.failed=ntfy,mail --as anna',
      ),
    )
    .action((_options: Options, command: Command) => set(cli, command.optsWithGlobals<Options & PreferenceChanges>()));
}

async function show(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const found = await api.get(await pathFor(api, cli, options), {}, PersonNotifications);
  if (options.json === true) return printJson(cli.terminal, found);
  print(cli, found);
}

async function set(cli: Cli, options: Options & PreferenceChanges): Promise<void> {
  const api = await cli.connect(options);
  const path = await pathFor(api, cli, options);
  const { preferences } = await api.get(path, {}, PersonNotifications);
  const changed = await api.post(path, { body: changedPreferences(preferences, options) }, PersonNotifications);
  if (options.json === true) return printJson(cli.terminal, changed);
  print(cli, changed);
}

/** One's own; the admin token is nobody, and names whom it acts for. */
async function pathFor(api: ApiClient, cli: Cli, { as }: Options): Promise<string> {
  const { actor, actsForOthers } = await api.get('/me', {}, Me);
  const person = as === undefined && !actsForOthers ? actor : cli.person(as);
  if (person === actor) return '/me/notifications';
  return apiPath`/people/${person.replace(/^user\//, '')}/notifications`;
}

function print({ terminal }: Cli, { person, preferences, reachable, zone }: PersonNotifications): void {
  const ways =
    reachable.length === 0 ? 'no channel reaches them: see docs/channels.md' : `reached by ${listed(reachable)}`;
  terminal.note(`${person}, ${ways}; times are of ${zone}`);
  const { channels, quiet } = preferences;
  const kinds = allNoticeKinds.map((kind) => {
    const told = channelsFor({ kind, preferences, reachable });
    const how = told.length === 0 && isWanted(preferences, kind) ? '-' : listed(told);
    return [kind, how, `${noticeKinds[kind].words} (${noticeKinds[kind].urgency})`];
  });
  printRows(
    terminal,
    ['WHAT', 'HOW', ''],
    [
      ['channels', channels === null ? 'all' : listed(channels), 'By which you are told'],
      ['quiet', quiet === null ? 'off' : `${quiet.from}-${quiet.to}`, 'When only what is urgent comes'],
      ['digest', digestText(preferences), 'What can wait, gathered'],
      ...kinds,
    ],
  );
}

function isWanted({ channels, kinds }: NoticePreferences, kind: (typeof allNoticeKinds)[number]): boolean {
  return kinds[kind] !== 'off' && (channels === null || channels.length > 0);
}

function digestText({ digest, digestAt }: NoticePreferences): string {
  return digest === 'daily' ? `daily at ${digestAt}` : digest;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'off' : names.join(',');
}
