import { processCli } from '../../client/cli/process-cli';
import { runCli } from '../../client/cli/program';
import { readConfig } from '../../platform/config';
import { recordingTerminal } from '../../test/support/client/recording-terminal';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** How often the engine was away, and back before the client's patience ended. */
  readonly absences: number;
}

/** The command line as its user has it, but within this process; it gives up after the limit. */
export async function mainstayWithin(limitMs: number, args: readonly string[]): Promise<Ran> {
  const terminal = recordingTerminal();
  const limit = AbortSignal.timeout(limitMs);
  const cli = { ...processCli(readConfig, terminal), interruption: () => limit };
  const exitCode = await runCli(args, cli);
  const absences = terminal.stderr.filter((line) => line === 'The engine answers again').length;
  return { exitCode, stdout: terminal.stdout.join('\n'), stderr: terminal.stderr.join('\n'), absences };
}
