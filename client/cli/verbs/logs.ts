// mainstay logs RUN [--step ID] [--host NAME] [-f] [--raw]
import type { Command } from 'commander';

import { OutputChunkView, OutputPage } from '../../api/schema';
import type { ApiClient } from '../api-client';
import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { LabelledOutput, placeOf } from '../labelled-output';

interface Options extends ConnectionOptions, OutputOptions {
  readonly step?: string;
  readonly host?: string;
  readonly follow?: boolean;
  readonly raw?: boolean;
}

export function registerLogs(program: Command, cli: Cli): void {
  withEngine(
    program
      .command('logs')
      .description('print what the steps of a run wrote')
      .addHelpText('after', examples('mainstay logs 12 --step install --host web3 -f')),
  )
    .argument('<run>', 'number or id')
    .option('--step <id>', 'only this step')
    .option('--host <name>', 'only this host')
    .option('-f, --follow', 'go on until the run ends')
    .option('--raw', 'bytes as they came, without labels')
    .action((reference: string, options: Options) => printLogs(cli, reference, options));
}

async function printLogs(cli: Cli, reference: string, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const print = printerOf(cli, options);
  let written = false;
  for await (const chunk of chunksOf(cli, api, { reference, options })) {
    written = true;
    print.write(chunk);
  }
  print.end();
  if (!written) cli.terminal.note(await whyNothing(api, reference));
}

/** Nothing is not the same as nothing any more. */
async function whyNothing(api: ApiClient, reference: string): Promise<string> {
  const { expired } = await api.get(apiPath`/runs/${reference}/logs`, { after: -1, limit: 1 }, OutputPage);
  if (!expired) return 'Nothing was written';
  return `The output has expired: it was deleted when its time was over. The journal is kept: mainstay show ${reference}`;
}

interface Wanted {
  readonly reference: string;
  readonly options: Options;
}

/** What is there; with `--follow` also what comes, until the run ends or Ctrl-C. */
async function* chunksOf(cli: Cli, api: ApiClient, wanted: Wanted): AsyncGenerator<OutputChunkView> {
  const { reference, options } = wanted;
  const { step, host } = options;
  if (options.follow === true) {
    const live = api.until(cli.interruption());
    return yield* live.feed(apiPath`/runs/${reference}/logs/events`, { step, host }, OutputChunkView);
  }
  for (let after = -1; ;) {
    const query = { after, limit: 500, step, host };
    const page = await api.get(apiPath`/runs/${reference}/logs`, query, OutputPage);
    yield* page.chunks;
    if (page.complete || page.after === after) return;
    after = page.after;
  }
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
