// mainstay signal RUN EVENT [-d JSON]
import { randomUUID } from 'node:crypto';

import type { Command } from 'commander';
import { z } from 'zod';

import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { examples, withPerson } from '../cli';
import { Misuse } from '../failure';
import { printJson } from '../terminal';

interface Options extends ConnectionOptions, OutputOptions, PersonOptions {
  readonly payload: string;
}

export function registerSignal(program: Command, cli: Cli): void {
  withPerson(
    program
      .command('signal')
      .description('tell a run that an event happened')
      .addHelpText('after', examples(`mainstay signal 12 backupDone -d '{"size": 12}'`)),
  )
    .argument('<run>', 'number or id')
    .argument('<event>', 'the name that "wait: {event}" names')
    .option('-d, --payload <json>', 'data of the event', 'null')
    .action((reference: string, event: string, options: Options) => sendSignal(cli, { reference, event, options }));
}

const Accepted = z.object({ accepted: z.literal(true), id: z.string() });

async function sendSignal(
  cli: Cli,
  request: { readonly reference: string; readonly event: string; readonly options: Options },
): Promise<void> {
  const { reference, event, options } = request;
  const body = { name: event, data: parseData(options.payload), actor: cli.person(options.as), id: randomUUID() };
  const api = await cli.connect(options);
  const result = await api.post(apiPath`/runs/${reference}/events`, { body }, Accepted);
  if (options.json === true) printJson(cli.terminal, result);
  else cli.terminal.out(`Run ${reference} was told "${event}"`);
}

function parseData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Misuse(`Cannot read the data of the event: not JSON: ${text}`);
  }
}
