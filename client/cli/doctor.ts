/**
 * mainstay doctor [--data DIR] [--json]
 *
 *   mainstay doctor         looks at everything that "mainstay up" needs and says what to do; exit 1 when something is missing
 */
import { resolve } from 'node:path';

import type { Command } from 'commander';

import type { Finding } from '../../platform/finding';
import { examples, withEngine } from './cli';
import type { Cli } from './cli';
import { Unsuccessful } from './failure';
import { printJson, printRows, styled } from './terminal';
import type { Style, Terminal } from './terminal';

interface DoctorOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const styleOf: { readonly [V in Finding['verdict']]: Style } = { ok: 'green', warn: 'yellow', fail: 'red' };

export function registerDoctor(program: Command, cli: Cli): void {
  withEngine(program.command('doctor').description('look at everything that "up" needs, and say what to do'))
    .addHelpText('after', examples('mainstay doctor', 'mainstay doctor --data ./data --json'))
    .action((options: DoctorOptions) => doctor(options, cli));
}

async function doctor(options: DoctorOptions, cli: Cli): Promise<void> {
  // Loaded here, not above: the Temporal client and the store come with it, and every other command would wait for them.
  const { examine } = await import('../../platform/doctor.js');
  const findings = await examine(options.data === undefined ? null : resolve(options.data));
  const healthy = findings.every((finding) => finding.verdict !== 'fail');
  if (options.json === true) printJson(cli.terminal, { ok: healthy, findings });
  else printFindings(findings, cli.terminal);
  if (!healthy) throw new Unsuccessful('something is missing');
}

function printFindings(findings: readonly Finding[], terminal: Terminal): void {
  const rows = findings.map(({ name, verdict, found, advice }) => [
    styled(terminal, styleOf[verdict], verdict),
    name,
    advice === '' ? found : `${found}. ${advice}`,
  ]);
  printRows(terminal, ['verdict', 'what', 'found'], rows);
}
