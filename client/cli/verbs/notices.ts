// mainstay notices [--run 12 | --change CHG-3 | --task ID | --mine] [--state failed]
import type { Command } from 'commander';
import { Option } from 'commander';

import { NoticePage } from '../../api/notice-schema';
import type { NoticeView } from '../../api/notice-schema';
import { noticeStates } from '../../../platform/store/outbox';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { printJson, printRows } from '../terminal';
import { instantText } from '../wording';

interface Options extends ConnectionOptions, OutputOptions {
  readonly run?: string;
  readonly change?: string;
  readonly task?: string;
  readonly mine?: boolean;
  readonly state?: string;
  readonly limit?: string;
}

const aboutOptions = ['run', 'change', 'task'] as const;

export function registerNotices(program: Command, cli: Cli): void {
  withEngine(
    program.command('notices').description('list who is told of what, newest first, and how far that has come'),
  )
    .addOption(new Option('--run <number>', 'about this run').conflicts(['change', 'task']))
    .addOption(new Option('--change <number>', 'about this change: CHG-3').conflicts(['run', 'task']))
    .addOption(new Option('--task <id>', 'about this task').conflicts(['run', 'change']))
    .option('--mine', 'those to me')
    .addOption(new Option('--state <state>', 'those that stand so').choices([...noticeStates]))
    .option('--limit <n>', 'at most so many', '50')
    .addHelpText('after', examples('mainstay notices --mine', 'mainstay notices --run 12 --state failed'))
    .action((options: Options) => list(cli, options));
}

async function list(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const { mine, state, limit } = options;
  const named = aboutOptions.find((name) => options[name] !== undefined);
  const about = named === undefined ? undefined : `${named}/${options[named] ?? ''}`;
  const query = { about, mine: mine === true ? 'true' : undefined, state, limit };
  const { notices, subjects } = await api.get('/notices', query, NoticePage);
  if (options.json === true) return printJson(cli.terminal, notices);
  const rows = notices.map((notice) => [
    instantText(notice.createdAt),
    notice.kind,
    subjects[notice.about.id] ?? notice.about.id,
    notice.recipient,
    notice.channel ?? '',
    notice.state,
    String(notice.attempts),
    whatNext(notice),
  ]);
  printRows(cli.terminal, ['SINCE', 'WHAT', 'ABOUT', 'WHO', 'CHANNEL', 'STATE', 'TRIES', 'NEXT'], rows);
}

/** When it is tried, and why it has come to nothing up to now. */
function whatNext({ nextAt, failure, attempts }: NoticeView): string {
  const why = failure === null ? '' : `${failure.code}: ${failure.reason}`;
  if (nextAt === null) return why;
  return attempts === 0 ? instantText(nextAt) : `${instantText(nextAt)} ${why}`.trim();
}
