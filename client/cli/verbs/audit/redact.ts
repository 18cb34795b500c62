import { z } from 'zod';

import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../../cli';
import { printJson } from '../../terminal';

export interface RedactOptions extends ConnectionOptions, OutputOptions, PersonOptions {
  readonly reason: string;
}

const Redacted = z.object({ name: z.string(), seq: z.number(), result: z.enum(['redacted', 'unchanged']) });

export async function redact(
  cli: Cli,
  { reference, seq }: { readonly reference: string; readonly seq: number },
  options: RedactOptions,
): Promise<void> {
  const api = await cli.connect(options);
  const body = { actor: cli.person(options.as), seq, reason: options.reason };
  const redacted = await api.post(apiPath`/runs/${reference}/redactions`, { body }, Redacted);
  if (options.json === true) return printJson(cli.terminal, redacted);
  const how = redacted.result === 'redacted' ? 'is taken out' : 'was taken out before';
  cli.terminal.out(`The content of entry ${seq} of ${redacted.name} ${how}`);
}
