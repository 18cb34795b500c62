import { listen } from '../../../client/api/server';
import { ApiClient } from '../../../client/cli/api-client';
import type { Cli } from '../../../client/cli/cli';
import { personOf } from '../../../client/cli/process-cli';
import { runCli } from '../../../client/cli/program';
import { RequestError } from '../../../client/api/errors';
import { createLogger } from '../../../platform/logger';
import { token } from './api';
import type { TestApi } from './api';
import { recordingTerminal } from './recording-terminal';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestCli {
  /** Of the API; empty: there is none. */
  readonly url: string;
  run(...args: readonly string[]): Promise<Ran>;
  interrupt(): void;
  close(): Promise<void>;
}

const onLoopback = { port: null, host: '127.0.0.1', tls: null, trustedProxies: [] };

/** The CLI in this process, speaking to an API over loopback; without one it finds no engine. */
export async function testCli(api: TestApi | null): Promise<TestCli> {
  const server = api === null ? null : await listen(api.app, onLoopback, createLogger('test', 'silent'));
  let interrupted = new AbortController();
  return {
    url: server?.url ?? '',
    async run(...args) {
      const terminal = recordingTerminal();
      interrupted = new AbortController();
      const cli: Cli = {
        terminal,
        async connect() {
          if (server === null) throw new RequestError('NOT_CONNECTED', 'Cannot reach the engine: it is not running');
          return new ApiClient({
            locate: () => Promise.resolve({ url: server.url, token }),
            note: terminal.note,
            pause: () => Promise.resolve(),
          });
        },
        person: (as) => personOf(as ?? 'tester'),
        interruption: () => interrupted.signal,
      };
      const exitCode = await runCli(args, cli);
      return { exitCode, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n') };
    },
    interrupt: () => interrupted.abort(),
    close: async () => server?.stop(),
  };
}
