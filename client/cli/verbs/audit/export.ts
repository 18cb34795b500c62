import { z } from 'zod';

import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { saveWhole } from '../../save-whole';
import { printJson } from '../../terminal';

export interface ExportOptions extends ConnectionOptions, OutputOptions {
  readonly output?: string;
}

const Exported = z.object({ name: z.string(), text: z.string() });
type Exported = z.infer<typeof Exported>;

export async function exportJournal(cli: Cli, reference: string, options: ExportOptions): Promise<void> {
  const { name, text } = await fetchExport(cli, reference, options);
  const { output } = options;
  if (output === undefined) return cli.terminal.outBytes(Buffer.from(text));
  await saveWhole(output, [Buffer.from(text)]);
  if (options.json === true) printJson(cli.terminal, { name, file: output });
  else cli.terminal.note(`Wrote ${output}`);
}

export async function fetchExport(cli: Cli, reference: string, options: ConnectionOptions): Promise<Exported> {
  const api = await cli.connect(options);
  return api.get(apiPath`/runs/${reference}/export`, {}, Exported);
}
