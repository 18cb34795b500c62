// mainstay locks
//   mainstay locks --json
import type { Command } from 'commander';
import { z } from 'zod';

import { LockRow } from '../../api/schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { withEngine } from '../cli';
import { printJson, printRows } from '../terminal';
import { instantText } from '../wording';

export function registerLocks(program: Command, cli: Cli): void {
  withEngine(program.command('locks').description('list what runs hold locked')).action(
    async (options: ConnectionOptions & OutputOptions) => {
      const api = await cli.connect(options);
      const { locks } = await api.get('/locks', {}, z.object({ locks: z.array(LockRow) }));
      if (options.json === true) return printJson(cli.terminal, locks);
      const rows = locks.map((lock) => [lock.name, lock.state, lock.runId, lock.path, instantText(lock.at)]);
      printRows(cli.terminal, ['LOCK', 'STATE', 'RUN', 'STEP', 'SINCE'], rows);
    },
  );
}
