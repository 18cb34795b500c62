// mainstay backup score [SERVICE]
import type { Command } from 'commander';

import { ScoreList } from '../../../api/backup-schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { examples, withEngine } from '../../cli';
import { printJson } from '../../terminal';
import { scoreText } from './score-text';

export function registerBackupScore(backup: Command, cli: Cli): void {
  withEngine(
    backup
      .command('score')
      .description(
        'score cards: last backup, last verified level, RPO risk, last drill, RTO and RPO trends, holds, alarms',
      )
      .addHelpText('after', examples('mainstay backup score', 'mainstay backup score shop --json')),
  )
    .argument('[service]', 'only of this service: shop, or service/shop')
    .action(async (service: string | undefined, options: ConnectionOptions & OutputOptions) => {
      const api = await cli.connect(options);
      const { scores } = await api.get('/backup-scores', { service: service?.replace(/^service\//, '') }, ScoreList);
      if (options.json === true) return printJson(cli.terminal, scores);
      if (scores.length === 0) cli.terminal.note('(no backup plan)');
      for (const score of scores) for (const line of scoreText(score, cli.terminal)) cli.terminal.out(line);
    });
}
