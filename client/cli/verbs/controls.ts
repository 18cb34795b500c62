import { ControlAccepted } from '../../api/schema';
import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { printJson } from '../terminal';

export interface ControlOptions extends ConnectionOptions, OutputOptions, PersonOptions {
  readonly keep?: boolean;
  readonly reason?: string;
}

interface Steering {
  readonly action: 'pause' | 'cancel';
  readonly options: ControlOptions;
}

/** Steers a run that is open. */
export async function controlRun(cli: Cli, reference: string, { action, options }: Steering): Promise<void> {
  const { keep, reason } = options;
  const body = {
    action,
    actor: cli.person(options.as),
    ...(keep === undefined ? {} : { keep }),
    ...(reason === undefined ? {} : { reason }),
  };
  const api = await cli.connect(options);
  const result = await api.post(apiPath`/runs/${reference}/control`, { body }, ControlAccepted);
  if (options.json === true) return printJson(cli.terminal, result);
  cli.terminal.out(`Run ${reference}: ${action} accepted, now ${result.state}`);
}
