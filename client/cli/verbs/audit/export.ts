import { writeFile } from 'node:fs/promises';

import { z } from 'zod';

import { apiPath } from '../../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { printJson } from '../../terminal';

export interface ExportOptions extends ConnectionOptions, OutputOptions {
  readonly output?: string;
}

/** What a file is made of: `evidence` has everything, `export` the journal alone. */
export type ExportKind = 'export' | 'evidence';

const Exported = z.object({ name: z.string(), text: z.string() });
type Exported = z.infer<typeof Exported>;

export function exportJournal(cli: Cli, reference: string, options: ExportOptions): Promise<void> {
  return writeExport(cli, { reference, kind: 'export' }, options);
}

export async function writeExport(
  cli: Cli,
  asked: { readonly reference: string; readonly kind: ExportKind },
  options: ExportOptions,
): Promise<void> {
  const { name, text } = await fetchExport(cli, asked, options);
  if (options.output === undefined) return cli.terminal.outBytes(Buffer.from(text));
  await writeFile(options.output, text);
  if (options.json === true) printJson(cli.terminal, { name, file: options.output });
  else cli.terminal.note(`Wrote ${options.output}`);
}

export async function fetchExport(
  cli: Cli,
  { reference, kind }: { readonly reference: string; readonly kind: ExportKind },
  options: ConnectionOptions,
): Promise<Exported> {
  const api = await cli.connect(options);
  const path = kind === 'evidence' ? apiPath`/runs/${reference}/evidence` : apiPath`/runs/${reference}/export`;
  return api.get(path, {}, Exported);
}
