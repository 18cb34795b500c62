import { RunRow } from '../../api/schema';
import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { journalPosition } from '../follow';
import { printJson } from '../terminal';
import { waitForEnd } from './waiting';

export interface ResumeOptions extends ConnectionOptions, OutputOptions, PersonOptions {
  readonly from?: string;
  readonly host?: readonly string[];
  readonly wait?: boolean;
  readonly acceptDegraded?: boolean;
}

/** `resume` and `undo`: a run that goes on keeps its id and its journal. */
export async function goOn(
  cli: Cli,
  reference: string,
  request: { readonly undo: boolean; readonly options: ResumeOptions },
): Promise<void> {
  const { options } = request;
  const api = await cli.connect(options);
  const after = await journalPosition(api, reference);
  const body = {
    actor: cli.person(options.as),
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.host === undefined ? {} : { hosts: options.host }),
    ...(request.undo ? { undo: true } : {}),
  };
  const run = await api.post(apiPath`/runs/${reference}/resume`, { body }, RunRow);
  if (options.wait === true) {
    const wanted = request.undo ? 'undone' : 'succeeded';
    return waitForEnd(cli, { api, runId: run.id, number: run.number, after, wanted, options });
  }
  if (options.json === true) return printJson(cli.terminal, run);
  cli.terminal.out(`Run ${run.number} (${run.id}) goes on`);
}
