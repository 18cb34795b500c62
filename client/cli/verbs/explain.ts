// mainstay explain [CODE]
import type { Command } from 'commander';

import { failures } from '../../../activities/failures';
import { problemCodes } from '../../../definitions/problem-codes';
import { nearestWord } from '../../../definitions/problems';
import { platformFailures } from '../../../platform/failures';
import { storeFailures } from '../../../platform/store/store-error';
import { requestErrors } from '../../api/errors';
import { backupRefusals } from '../../backup-refusals';
import { changeRefusals } from '../../change-refusals';
import type { Cli, OutputOptions } from '../cli';
import { examples, withJson } from '../cli';
import { Misuse } from '../failure';
import { printJson } from '../terminal';

interface ExplainOptions extends OutputOptions {
  readonly markdown?: boolean;
}

interface CodeRow {
  readonly code: string;
  readonly where: 'documents' | 'engine' | 'runs' | 'requests';
  readonly hint: string;
}

export function registerExplain(program: Command, cli: Cli): void {
  withJson(
    program
      .command('explain [code]')
      .description('say what to do about a failure code, or list them all')
      .addHelpText('after', examples('mainstay explain SSH_UNREACHABLE', 'mainstay explain --markdown')),
  )
    .option('--markdown', 'print a Markdown table')
    .action((code: string | undefined, options: ExplainOptions) => {
      const rows = code === undefined ? allCodes() : [findCode(code)];
      if (options.json === true) printJson(cli.terminal, rows);
      else if (options.markdown === true) cli.terminal.out(codesAsMarkdown());
      else for (const row of rows) cli.terminal.out(`${row.code} (${row.where}): ${row.hint}`);
    });
}

/** The text of docs/failure-codes.md. */
export function codesAsMarkdown(): string {
  const rows = allCodes().map(({ code, where, hint }) => `| \`${code}\` | ${where} | ${hint.replaceAll('|', '\\|')} |`);
  return [
    '# Failure codes',
    '',
    'Where a code comes from: `documents` (found before anything runs), `runs` (a step or a host), `requests` (the API and the CLI), `engine` (starting it, moving it, its store).',
    'This page is what `mainstay explain --markdown` prints.',
    '',
    '| code | where | what to do |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function allCodes(): readonly CodeRow[] {
  const rows: readonly CodeRow[] = [
    ...Object.entries(problemCodes).map(([code, hint]) => ({
      code,
      where: 'documents' as const,
      hint,
    })),
    ...Object.entries(failures).map(([code, { hint }]) => ({ code, where: 'runs' as const, hint })),
    ...Object.entries({ ...platformFailures, ...storeFailures }).map(([code, { hint }]) => ({
      code,
      where: 'engine' as const,
      hint,
    })),
    ...Object.entries(requestErrors).map(([code, { hint }]) => ({ code, where: 'requests' as const, hint })),
    ...Object.entries({ ...changeRefusals, ...backupRefusals }).map(([code, hint]) => ({
      code,
      where: 'requests' as const,
      hint,
    })),
  ];
  return rows.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.where < b.where ? -1 : 1));
}

function findCode(code: string): CodeRow {
  const rows = allCodes();
  const found = rows.find((row) => row.code === code.toUpperCase());
  if (found !== undefined) return found;
  const nearest = nearestWord(
    code.toUpperCase(),
    rows.map((row) => row.code),
  );
  throw new Misuse(
    `Cannot explain "${code}": there is no such code${nearest === null ? '' : `; the nearest is ${nearest}`}`,
  );
}
