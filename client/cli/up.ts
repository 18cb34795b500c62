/**
 * mainstay up [--data DIR] [--port N] [--json]
 *
 *   mainstay up                       everything on this machine: Temporal server, store, worker and API
 *   mainstay up --data ./data --json  prints one line of JSON once it is ready
 *
 * Ends cleanly on Ctrl-C or SIGTERM; runs go on at the next start.
 */
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { readConfig } from '../../platform/config';
import type { Embedded } from '../../platform/embedded';
import { messageOf } from '../../platform/system-error';
import { SignInLink } from '../api/identity-schema';
import { examples } from './cli';
import type { Cli } from './cli';
import { Misuse } from './failure';
import { connectEngine } from './process-cli';

interface UpOptions {
  readonly data?: string;
  readonly port?: string;
  readonly json?: boolean;
}

export function registerUp(program: Command, cli: Cli): void {
  program
    .command('up')
    .description('start everything on this machine: Temporal server, store, worker and API')
    .option('--data <dir>', 'data directory (else MAINSTAY_DATA, else a folder of your own)')
    .option('--port <port>', 'port of the API on 127.0.0.1 (else 7380, or a free one)')
    .option('--json', 'print one line of JSON on standard output when ready')
    .addHelpText('after', examples('mainstay up', 'mainstay up --data ./data --port 0 --json'))
    .action((options: UpOptions) => up(options, cli));
}

async function up(options: UpOptions, cli: Cli): Promise<void> {
  const config = readConfig();
  const dataDirectory = options.data === undefined ? config.dataDirectory : resolve(options.data);
  const port = options.port === undefined ? config.api.port : parsePort(options.port);
  const stop = new StopRequest(cli);
  if (config.supervised) stop.whenInputEnds();
  // Who started us may go away before us; that is no reason to take the children down.
  process.stderr.on('error', () => undefined);
  // Loaded here, not above: the Temporal client and the store come with it, and every other command would wait for them.
  const { startEmbedded } = await import('../../platform/embedded.js');
  const embedded = await startEmbedded({
    config,
    dataDirectory,
    port,
    progress: (line) => cli.terminal.note(line),
  });
  sayReady(embedded, { ...options, signIn: await signInLink(embedded, cli) }, cli);
  await stop.requested(embedded);
  cli.terminal.note('stopping: worker, API, server');
  await embedded.stop();
  cli.terminal.note('stopped; runs go on at the next start');
}

/** Null: nobody is kept from running the engine because a link could not be made. */
async function signInLink({ paths }: Embedded, cli: Cli): Promise<string | null> {
  try {
    const api = (await connectEngine(paths.directory, cli.terminal.note)).atOnce();
    const body = { person: cli.person(undefined), roles: ['admin'] };
    return (await api.post('/sign-in-links', { body }, SignInLink)).url;
  } catch (error) {
    cli.terminal.note(`  no link to sign in by: ${messageOf(error)}; make one with "mainstay sign-in"`);
    return null;
  }
}

interface Ready extends UpOptions {
  readonly signIn: string | null;
}

function sayReady(embedded: Embedded, options: Ready, cli: Cli): void {
  const { signIn } = options;
  const data = embedded.paths.directory;
  if (options.json === true) {
    const info = { ready: true, url: embedded.url, data, pid: process.pid, temporal: embedded.temporalAddress, signIn };
    cli.terminal.out(JSON.stringify(info));
    return;
  }
  cli.terminal.out(`Mainstay is ready at ${embedded.url}`);
  if (signIn !== null) cli.terminal.out(`Sign in: ${signIn}`);
  cli.terminal.note(`  data in ${data}, Temporal at ${embedded.temporalAddress}; Ctrl-C stops it`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Misuse(`Cannot use port "${text}": expected a number from 0 to 65535`);
}

/** The first signal asks for a clean stop, the second one does not wait for it. Before we are ready there is nothing to stop cleanly. */
class StopRequest {
  #embedded: Embedded | null = null;
  #signals = 0;
  #resolve: () => void = () => undefined;

  constructor(private readonly cli: Cli) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.#onSignal());
  }

  /** Whoever started us and set MAINSTAY_SUPERVISED holds the other end of a pipe. */
  whenInputEnds(): void {
    process.stdin.on('end', () => this.#onSignal()).resume();
  }

  requested(embedded: Embedded): Promise<void> {
    this.#embedded = embedded;
    return new Promise((settle) => {
      this.#resolve = settle;
    });
  }

  #onSignal(): void {
    this.#signals += 1;
    if (this.#embedded === null) {
      // The children end when our end of their pipes closes.
      this.cli.terminal.note('stopped before it was ready');
      process.exit(1);
    }
    if (this.#signals === 1) return this.#resolve();
    this.cli.terminal.note('stopping at once');
    this.#embedded.kill();
    process.exit(1);
  }
}
