import { faults } from '../../../workflows/rehearsal/faults';
import type { FaultResult } from '../../../workflows/rehearsal/faults';
import type { PreparedRehearsal } from '../../authoring/rehearsals';
import { refuseForProblems } from '../authoring';
import type { Cli, OutputOptions } from '../cli';
import { Unsuccessful } from '../failure';
import { printJson, printRows } from '../terminal';
import { countText } from '../wording';

interface Matrix {
  readonly rehearsal: string;
  readonly cells: readonly FaultResult[];
}

/** The failure matrix: step by fault, and what becomes of the run. An effect that happened twice fails it. */
export async function printFaults(
  cli: Cli,
  rehearsals: readonly PreparedRehearsal[],
  options: OutputOptions,
): Promise<void> {
  const matrices: Matrix[] = [];
  for (const { name, request } of rehearsals) {
    if (!request.ok) refuseForProblems(cli.terminal, request.problems, options.json === true);
    if ('value' in request) matrices.push({ rehearsal: name, cells: await faults(request.value) });
  }
  if (options.json === true) printJson(cli.terminal, matrices);
  else for (const matrix of matrices) printMatrix(cli, matrix);
  const cells = matrices.flatMap((matrix) => matrix.cells);
  const repeated = cells.filter((cell) => cell.repeated.length > 0);
  cli.terminal.note(`${countText(cells.length, 'fault')} played, ${countText(repeated.length, 'repeated effect')}`);
  if (repeated.length > 0 || cells.length === 0) throw new Unsuccessful('an effect was repeated');
}

function printMatrix(cli: Cli, { rehearsal, cells }: Matrix): void {
  const rows = cells.map((cell) => [rehearsal, cell.step, cell.host ?? '-', cell.fault, becomes(cell)]);
  printRows(cli.terminal, ['REHEARSAL', 'STEP', 'HOST', 'FAULT', 'THE RUN'], rows);
}

function becomes(cell: FaultResult): string {
  const twice = cell.repeated.length === 0 ? '' : `, REPEATED ${cell.repeated.join(' ')}`;
  const outcome =
    cell.outcome === null
      ? `waits for an answer: ${cell.waitsFor ?? ''}`
      : `${cell.outcome}${cell.degraded ? ' (degraded)' : ''}`;
  return `${outcome}${twice}`;
}
