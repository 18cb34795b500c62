// mainstay logs RUN [--step ID] [--host NAME] [--follow] [--raw]
//   mainstay logs 12 --step install --host web3 --follow
import type { Command } from 'commander';

import type { OutputChunkView } from '../../api/schema';
import { OutputPage } from '../../api/schema';
import { apiPath } from '../api-client';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { withEngine } from '../cli';
import { LabelledOutput, placeOf } from '../labelled-output';

interface Options extends ConnectionOptions, OutputOptions {
  readonly step?: string;
  readonly host?: string;
  readonly follow?: boolean;
  readonly raw?: boolean;
}

export function registerLogs(program: Command, cli: Cli): void {
  withEngine(program.command('logs').description('print what the steps of a run wrote'))
    .argument('<run>', 'number or id')
    .option('--step <id>', 'only this step')
    .option('--host <name>', 'only this host')
    .option('--follow', 'go on until the run ends')
    .option('--raw', 'bytes as they came, without labels')
    .action((reference: string, options: Options) => printLogs(cli, reference, options));
}

async function printLogs(cli: Cli, reference: string, options: Options): Promise<void> {
  const detached = options.follow === true ? cli.interruption() : new AbortController().signal;
  const api = (await cli.connect(options)).until(detached);
  const print = printerOf(cli, options);
  for (let after = -1; !detached.aborted;) {
    const query = {
      after,
      limit: 500,
      step: options.step,
      host: options.host,
      waitMs: options.follow === true ? 10_000 : 0,
    };
    const page = await api.get(apiPath`/runs/${reference}/logs`, query, OutputPage);
    for (const chunk of page.chunks) print.write(chunk);
    const nothingNew = page.after === after;
    after = page.after;
    if (page.complete || (nothingNew && options.follow !== true)) break;
  }
  print.end();
}

interface ChunkPrinter {
  write(chunk: OutputChunkView): void;
  end(): void;
}

function printerOf(cli: Cli, options: Options): ChunkPrinter {
  const { terminal } = cli;
  if (options.json === true)
    return { write: (chunk) => terminal.out(JSON.stringify(jsonOf(chunk))), end: () => undefined };
  if (options.raw === true)
    return { write: (chunk) => terminal.outBytes(Buffer.from(chunk.base64, 'base64')), end: () => undefined };
  const labelled = new LabelledOutput((line) => terminal.out(line));
  return { write: (chunk) => labelled.write(chunk), end: () => labelled.end() };
}

/** One JSON object a line, so that a reader need not wait for the end. */
function jsonOf(chunk: OutputChunkView): Readonly<Record<string, unknown>> {
  const { base64, ...rest } = chunk;
  return { ...rest, ...placeOf(chunk.path), text: Buffer.from(base64, 'base64').toString('utf8') };
}
