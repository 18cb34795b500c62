import { Command, CommanderError } from 'commander';

import { packageVersion } from '../../platform/package-root';
import type { Cli } from './cli';
import { explain } from './failure';
import { printJson, styled } from './terminal';
import { verbs } from './verbs/index';

/** Runs one command line; answers the exit code: 0 done, 1 refused or failed, 2 misuse. */
export async function runCli(args: readonly string[], cli: Cli): Promise<number> {
  const program = buildProgram(cli);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodeOfVerb();
  } catch (error) {
    return report(error, cli, { json: args.includes('--json'), debug: args.includes('--debug') });
  }
}

export function buildProgram(cli: Cli): Command {
  const program = new Command('mainstay')
    .description('Run IT operations procedures that must not be lost, repeated or left half done.')
    .version(packageVersion(), '-V, --version')
    .option('--debug', 'print the stack of an unexpected error')
    .showHelpAfterError('(add --help for usage)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.terminal.out(text.trimEnd()),
      writeErr: (text) => cli.terminal.note(text.trimEnd()),
    });
  for (const register of verbs) register(program, cli);
  for (const command of everyCommand(program))
    command.exitOverride().option('--debug', 'print the stack of an unexpected error');
  return program;
}

function everyCommand(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...everyCommand(child)]);
}

/** Verbs that supervise processes set the exit code of the process themselves. */
function exitCodeOfVerb(): number {
  return typeof process.exitCode === 'number' ? process.exitCode : 0;
}

function report(error: unknown, cli: Cli, options: { readonly json: boolean; readonly debug: boolean }): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const failure = explain(error);
  if (failure === null) return 1;
  const { terminal } = cli;
  const { code, message, hint, lines } = failure;
  terminal.note(`${styled(terminal, 'red', code === null ? 'Error' : code)}: ${message}`);
  for (const line of lines) terminal.note(`  ${line}`);
  if (hint !== null && hint !== '') terminal.note(`  ${hint}`);
  if (options.json) printJson(terminal, { error: { code, message, hint, problems: lines } });
  if (options.debug && error instanceof Error) terminal.note(error.stack ?? '');
  return failure.exitCode;
}
