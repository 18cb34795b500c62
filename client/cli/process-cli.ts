import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Config } from '../../platform/config';
import { dataPaths, findDataDirectory, readToken } from '../../platform/data-directory';
import { readEndpoint } from '../../platform/endpoint';
import { RequestError } from '../api/errors';
import { Me } from '../api/identity-schema';
import { ApiClient } from './api-client';
import type { EngineAddress } from '../typed/connection';
import type { Cli } from './cli';
import { Misuse } from './failure';
import { processTerminal } from './terminal';
import type { Terminal } from './terminal';

/** The CLI as it runs in a shell. */
export function processCli(readConfig: () => Config, terminal: Terminal = processTerminal()): Cli {
  let self: string | null = null;
  return {
    terminal,
    async connect({ data }) {
      const config = readConfig();
      if (config.remote === null || data !== undefined)
        return connectEngine(await findDataDirectory(config, data), terminal.note);
      const api = connectRemote(config.remote, terminal.note);
      self = (await api.get('/me', {}, Me)).actor;
      return api;
    },
    person: (as) => (as === undefined ? (self ?? personOf(loginName())) : personOf(as)),
    interruption: onFirstInterrupt,
  };
}

/** Everybody acts as themself there: the token says who. */
function connectRemote({ url, token }: NonNullable<Config['remote']>, note: (text: string) => void): ApiClient {
  return new ApiClient({ locate: () => Promise.resolve({ url, token: token.reveal() }), note, pause: sleep });
}

/** `ben` is short for `user/ben`. */
export function personOf(name: string): string {
  const person = name.startsWith('user/') ? name : `user/${name}`;
  if (!/^user\/[^\s/]+$/.test(person)) throw new Misuse(`Cannot act as "${name}": not a user name`);
  return person;
}

/** One that was never there is told at once; one that was there is waited for. */
export async function connectEngine(directory: string, note: (text: string) => void): Promise<ApiClient> {
  await locateEngine(directory);
  return new ApiClient({ locate: () => locateEngine(directory), note, pause: sleep });
}

async function locateEngine(directory: string): Promise<EngineAddress> {
  const paths = dataPaths(directory);
  const endpoint = await readEndpoint(paths);
  if (endpoint === null)
    throw new RequestError('NOT_CONNECTED', `Cannot reach the engine of "${directory}": it is not running`);
  return { url: endpoint.url, token: await readToken(paths) };
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the password database, as in many containers.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

function onFirstInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
