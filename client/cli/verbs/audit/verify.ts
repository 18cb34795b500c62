import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { verifyExport } from '../../../../platform/store/export';
import type { ExportProblem, ExportVerdict } from '../../../../platform/store/export';
import { placeOf } from '../../../evidence/verifier/problem';
import { verifyEvidence } from '../../../evidence/verifier/verify';
import type { EvidenceVerdict } from '../../../evidence/verifier/verify';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { Misuse, Unsuccessful } from '../../failure';
import { printJson, styled } from '../../terminal';
import { countText, instantText } from '../../wording';
import { fetchExport } from './export';
import { verifyAll } from './verify-all';

export interface VerifyOptions extends ConnectionOptions, OutputOptions {
  readonly key?: string;
  readonly all?: boolean;
}

export async function verify(cli: Cli, what: string | undefined, options: VerifyOptions): Promise<void> {
  if (options.all === true && what === undefined) return verifyAll(cli, options);
  if (what === undefined || options.all === true) throw new Misuse('Name a run or a file, or say --all');
  const text = existsSync(what)
    ? await readFile(what, 'utf8')
    : (await fetchExport(cli, { reference: what, kind: 'export' }, options)).text;
  const trusted = options.key === undefined ? undefined : await readFile(options.key, 'utf8');
  const verdict = isEvidence(text)
    ? verifyEvidence(text, trusted === undefined ? {} : { key: trusted })
    : verifyExport(text, trusted);
  if (options.json === true) printJson(cli.terminal, verdict);
  else if ('header' in verdict) printEvidence(cli, verdict);
  else printVerdict(cli, verdict);
  if (!verdict.ok) throw new Unsuccessful('audit failed');
}

/** By its first line; what cannot be read is left to the verifier of journals, which says so. */
function isEvidence(text: string): boolean {
  return text.slice(0, text.indexOf('\n')).includes('"format":"mainstay/evidence/1"');
}

function printEvidence({ terminal }: Cli, verdict: Extract<EvidenceVerdict, { ok: true }>): void {
  const { header, count, head, verified, notVerified } = verdict;
  terminal.out(`${styled(terminal, 'green', 'evidence verified')}: ${header.name}, ${count} entries, head ${head}`);
  for (const line of verified) terminal.out(`  holds: ${line}`);
  for (const line of notVerified) terminal.out(`  not verified: ${line}`);
  terminal.note(`  written ${instantText(header.exportedAt)} by installation ${header.installation}`);
}

function printVerdict(cli: Cli, verdict: ExportVerdict | Extract<EvidenceVerdict, { ok: false }>): void {
  const { terminal } = cli;
  if (!verdict.ok) {
    terminal.out(styled(terminal, 'red', `audit failed: ${countText(verdict.problems.length, 'problem')}`));
    for (const problem of verdict.problems) terminal.out(`  ${whereOf(problem)} ${problem.kind}: ${problem.message}`);
    return;
  }
  const { stream, count, head, exportedAt } = verdict;
  terminal.out(`${styled(terminal, 'green', 'audit verified')}: ${stream}, ${count} entries, head ${head}`);
  terminal.note(`  exported ${instantText(exportedAt)}, signed by installation ${verdict.installation}`);
}

type Problem = ExportProblem | Extract<EvidenceVerdict, { ok: false }>['problems'][number];

function whereOf(problem: Problem): string {
  if (!('seq' in problem)) return `line ${problem.line}`;
  return placeOf({ line: null, ...problem });
}
