import type { OperationContext, OperationResult } from '../connector';
import type { JsonObject } from '../../workflows/domain/json';
import { commandText, interpreterWords } from './command';
import type { CommandParts } from './command';
import { runOnHost } from './on-host';
import type { HostResult } from './on-host';
import { ExecInput, RunInput } from './schema';
import type { CommandOutput } from './schema';
import type { SshSurroundings } from './surroundings';

export async function execJob(
  input: JsonObject,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<OperationResult> {
  const { command, ...process } = ExecInput.parse(input);
  return runCommand({ words: command, ...(await processParts(process, context)) }, context, surroundings);
}

export async function runJob(
  input: JsonObject,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<OperationResult> {
  const { script, shell, ...process } = RunInput.parse(input);
  return runCommand(
    { words: interpreterWords(shell), script, ...(await processParts(process, context)) },
    context,
    surroundings,
  );
}

type Process = Pick<ExecInput, 'env' | 'cwd' | 'umask' | 'stdin'>;

async function processParts(
  process: Process,
  context: OperationContext,
): Promise<Omit<CommandParts, 'words' | 'script'>> {
  const { env, cwd, umask, stdin } = process;
  const bytes =
    stdin === undefined ? undefined : typeof stdin === 'string' ? Buffer.from(stdin) : await context.blob(stdin.blob);
  return { env, umask, ...(cwd === undefined ? {} : { cwd }), ...(bytes === undefined ? {} : { stdin: bytes }) };
}

async function runCommand(
  parts: CommandParts,
  context: OperationContext,
  surroundings: SshSurroundings,
): Promise<OperationResult> {
  const ran = await runOnHost({ command: commandText(parts) }, context, surroundings);
  const output = commandOutput(ran);
  return { ...ran.verdict, result: output, changed: true, ...(ran.output === null ? {} : { output: ran.output }) };
}

function commandOutput(ran: HostResult): CommandOutput {
  const { recorder, exitCode, file, signal } = ran;
  return {
    exitCode,
    stdout: withoutTrailingNewlines(recorder.stdout.bytes),
    stderr: withoutTrailingNewlines(recorder.stderr.bytes),
    stdoutTruncated: recorder.stdout.truncated || ran.cut.stdout,
    stderrTruncated: recorder.stderr.truncated || ran.cut.stderr,
    file: file?.toString('utf8') ?? '',
    signal,
  };
}

function withoutTrailingNewlines(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/[\r\n]+$/, '');
}
