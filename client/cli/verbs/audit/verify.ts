import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { verifyExport } from '../../../../platform/store/export';
import type { ExportProblem, ExportVerdict } from '../../../../platform/store/export';
import { evidenceFormats } from '../../../evidence/format';
import { bytesOf, readLines } from '../../../evidence/verifier/lines';
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
  const trusted = options.key === undefined ? undefined : await readFile(options.key, 'utf8');
  const verdict = await verdictOn(cli, { what, trusted }, options);
  if (options.json === true) printJson(cli.terminal, verdict);
  else if ('header' in verdict) printEvidence(cli, verdict);
  else printVerdict(cli, verdict);
  if (!verdict.ok) throw new Unsuccessful('audit failed');
}

async function verdictOn(
  cli: Cli,
  { what, trusted }: { readonly what: string; readonly trusted: string | undefined },
  options: VerifyOptions,
): Promise<ExportVerdict | EvidenceVerdict> {
  if (!existsSync(what)) return verifyExport((await fetchExport(cli, what, options)).text, trusted);
  if (isEvidence(what)) return verifyEvidence(bytesOf(what), trusted === undefined ? {} : { key: trusted });
  return verifyExport(await readFile(what, 'utf8'), trusted);
}

/** By its first line, of whichever format; what cannot be read is left to the verifier of journals, which says so. */
function isEvidence(file: string): boolean {
  for (const { bytes } of readLines(bytesOf(file))) return Buffer.from(bytes).includes(`"format":"${evidenceFormats}`);
  return false;
}

function printEvidence({ terminal }: Cli, verdict: Extract<EvidenceVerdict, { ok: true }>): void {
  const { header, count, head, verified, notVerified } = verdict;
  terminal.out(`${styled(terminal, 'green', 'evidence verified')}: ${header.name}, ${count} entries, head ${head}`);
  for (const line of verified) terminal.out(`  holds: ${line}`);
  for (const { says } of notVerified) terminal.out(`  not verified: ${says}`);
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
