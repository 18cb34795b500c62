import { connectEngine } from '../client/cli/process-cli';
import type { ApiClient } from '../client/cli/api-client';
import { startUp } from '../test/support/up-process';

/** A whole engine as its user starts it: `mainstay up` in a process of its own. */
export interface Engine {
  readonly api: ApiClient;
  stop(): Promise<void>;
}

export async function startEngine(
  dataDirectory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Engine> {
  const note = (text: string): void => void process.stderr.write(text);
  const up = await startUp({ folder: dataDirectory, data: dataDirectory, settings, note });
  return {
    api: await connectEngine(dataDirectory, note),
    async stop() {
      await up.stop('SIGTERM');
    },
  };
}
