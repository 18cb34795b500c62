/**
 * npm run bench -- live [--minutes M] [--viewers N] [--kills] [--runs PER_SECOND] [--json]
 *
 * What happens, told live: viewers who watch everything while runs begin and end, and, with --kills, API and worker die; each viewer is
 * compared with the journal afterwards. Then 10,000 lines of output a second of one run to one reader.
 */
import { parseArgs } from 'node:util';

import { soak } from './live/soak';
import { torrent } from './live/torrent';

const torrentSeconds = 30;

export async function liveBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '0.5' },
      viewers: { type: 'string', default: '50' },
      kills: { type: 'boolean', default: false },
      runs: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  });
  const watched = await soak({
    minutes: Number(values.minutes),
    viewers: Number(values.viewers),
    kills: values.kills,
    runsPerSecond: Number(values.runs),
  });
  const output = await torrent(torrentSeconds);
  const right = watched.right && output.linesRead === output.linesWritten;
  process.stdout.write(`${JSON.stringify({ right, watched, output }, null, values.json ? 0 : 2)}\n`);
  if (!right) process.exitCode = 1;
}
