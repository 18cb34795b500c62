import { CheckpointMade } from '../../../api/evidence-schema';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { printJson } from '../../terminal';
import { instantText } from '../../wording';

export type CheckpointOptions = ConnectionOptions & OutputOptions;

export async function makeCheckpoint(cli: Cli, options: CheckpointOptions): Promise<void> {
  const api = await cli.connect(options);
  const made = await api.post('/checkpoints', { body: {} }, CheckpointMade);
  if (options.json === true) return printJson(cli.terminal, made);
  const { checkpoint, isNew } = made;
  if (checkpoint === null) return cli.terminal.out('No checkpoint: there is no journal yet');
  const { number, size, root, at } = checkpoint;
  const how = isNew ? 'made' : `stands since ${instantText(at)}: no journal has grown`;
  cli.terminal.out(`Checkpoint ${number} ${how}; ${size} states of journals, root ${root}`);
}
