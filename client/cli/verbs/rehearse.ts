// mainstay rehearse PATH… [--faults]
import type { Command } from 'commander';

import { rehearse } from '../../../workflows/rehearsal';
import type { RehearsalRequest } from '../../../workflows/rehearsal';
import { prepareRehearsals } from '../../authoring/rehearsals';
import type { PreparedRehearsal } from '../../authoring/rehearsals';
import { refuseForProblems } from '../authoring';
import type { Cli, OutputOptions } from '../cli';
import { examples, withJson } from '../cli';
import { Unsuccessful } from '../failure';
import { printFaults } from './fault-matrix';
import { playChange } from './rehearse-change';
import type { RehearsalOutcome } from './rehearsal-outcome';
import { printJson, styled } from '../terminal';
import { countText, durationText } from '../wording';

interface Options extends OutputOptions {
  readonly library?: string;
  readonly faults?: boolean;
}

export function registerRehearse(program: Command, cli: Cli): void {
  withJson(
    program
      .command('rehearse')
      .description('play runbooks and changes on a virtual clock with scripted outcomes and answers')
      .addHelpText('after', examples('mainstay rehearse rehearsals/ --library runbooks/')),
  )
    .argument('<paths...>', 'files or folders with documents of kind Rehearsal')
    .option('--library <dir>', 'folder of runbooks that references are looked up in')
    .option('--faults', 'play each step failing in every way, and print what becomes of the run')
    .action((paths: readonly string[], options: Options) => rehearseAll(cli, paths, options));
}

interface Played {
  readonly name: string;
  readonly file: string;
  readonly result: RehearsalOutcome;
}

async function rehearseAll(cli: Cli, paths: readonly string[], options: Options): Promise<void> {
  const prepared = await prepareRehearsals(paths, options);
  if (!prepared.ok) refuseForProblems(cli.terminal, prepared.problems, options.json === true);
  if (options.faults === true) return printFaults(cli, prepared.rehearsals, options);
  const played: Played[] = [];
  for (const rehearsal of prepared.rehearsals) played.push(await playOne(cli, rehearsal, options));
  if (options.json === true) printJson(cli.terminal, played.map(jsonOf));
  const missed = played.filter(({ result }) => result.problems.length > 0).length;
  cli.terminal.note(`${countText(played.length, 'rehearsal')}, ${missed} failed`);
  if (played.length === 0) cli.terminal.note('No document of kind Rehearsal was found');
  if (missed > 0 || played.length === 0) throw new Unsuccessful('rehearsal failed');
}

async function playOne(cli: Cli, rehearsal: PreparedRehearsal, options: Options): Promise<Played> {
  const { name, file, request } = rehearsal;
  if (!request.ok) refuseForProblems(cli.terminal, request.problems, options.json === true);
  const result = 'change' in request ? await playChange(request.change) : await playRun(request.value);
  const played = { name, file, result };
  if (options.json !== true) for (const line of textOf(cli, played)) cli.terminal.out(line);
  return played;
}

async function playRun(request: RehearsalRequest): Promise<RehearsalOutcome> {
  const { result, timeline, problems } = await rehearse(request);
  return { outcome: result?.outcome ?? null, timeline, problems };
}

function textOf(cli: Cli, { name, result }: Played): readonly string[] {
  const { terminal } = cli;
  const verdict =
    result.problems.length === 0 ? styled(terminal, 'green', 'passed') : styled(terminal, 'red', 'failed');
  const outcome = result.outcome ?? 'not ended';
  const spanMs = result.timeline.at(-1)?.offsetMs ?? 0;
  return [
    `${name}: ${verdict} (${outcome}, ${durationText(spanMs)} of virtual time)`,
    ...result.timeline.map(({ offsetMs, text }) => `  ${offsetText(offsetMs)}  ${text}`),
    ...result.problems.map((problem) => styled(terminal, 'red', `  ! ${problem}`)),
  ];
}

/** `+1d 02:03:04` */
function offsetText(offsetMs: number): string {
  const seconds = Math.floor(offsetMs / 1_000);
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const text = clock.map((part) => String(part).padStart(2, '0')).join(':');
  return days === 0 ? `+${text}` : `+${days}d ${text}`;
}

function jsonOf({ name, file, result }: Played): Readonly<Record<string, unknown>> {
  return {
    name,
    file,
    passed: result.problems.length === 0,
    outcome: result.outcome,
    problems: result.problems,
    timeline: result.timeline,
  };
}
