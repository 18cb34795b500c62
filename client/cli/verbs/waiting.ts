import type { RunView } from '../../engine';
import type { ApiClient } from '../api-client';
import type { Cli, OutputOptions } from '../cli';
import { Unsuccessful } from '../failure';
import { followRun } from '../follow';
import { printJson } from '../terminal';
import { timelineOf } from '../timeline';

export interface Waiting {
  readonly runId: string;
  readonly number: number;
  readonly after: number;
  /** The outcome that counts as done; `checked` always does. */
  readonly wanted: 'succeeded' | 'undone';
  readonly api: ApiClient;
  readonly options: OutputOptions & { readonly acceptDegraded?: boolean };
}

/** Progress on standard error until the run ends, then the run itself; its outcome decides the exit code. */
export async function waitForEnd(cli: Cli, waiting: Waiting): Promise<void> {
  const { api, options, runId, after } = waiting;
  const run = await followRun(api, { runId, after, note: cli.terminal.note, detached: cli.interruption() });
  if (run === null) {
    cli.terminal.note(
      `Detached; the run goes on. Look: mainstay show ${waiting.number}   End it: mainstay cancel ${waiting.number}`,
    );
    throw new Unsuccessful('detached');
  }
  if (options.json === true) printJson(cli.terminal, run);
  else for (const line of timelineOf(run, cli.terminal)) cli.terminal.out(line);
  if (!isDone(run, waiting)) throw new Unsuccessful(`outcome ${run.outcome ?? run.state}`);
}

function isDone(run: RunView, waiting: Waiting): boolean {
  const asWanted = run.outcome === waiting.wanted || run.outcome === 'checked';
  return asWanted && (!run.degraded || waiting.options.acceptDegraded === true);
}
